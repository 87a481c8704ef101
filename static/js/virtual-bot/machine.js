/** One running image with its peripherals; lives in the worker for one boot. */

import { Input } from "./inbox.js";
import { Memory } from "./memory.js";
import { Nvs } from "./nvs.js";
import { Parts } from "./parts.js";
import { Pins } from "./pins.js";
import { Radio } from "./radio.js";
import { Serial } from "./serial.js";
import { Touch } from "./touch.js";

const SLICE_MS = 500;
const SPIN_MS = 1;
const MIN_PAUSE_MS = 1;
/** Idle time before throttling: no output of the sketch and no input to it. */
const THROTTLE_AFTER_MS = 250;
const FRAME_MS = 16;
const PRINT_MS = 50;
const HEARTBEAT_MS = 1000;
/** How long to wait until the page has drawn a frame, before the next one is sent all the same. */
const FRAME_ACK_TIMEOUT_MS = 3000;

/**
 * @typedef {object} Facts
 * @property {string} productId
 * @property {string} mac
 * @property {string} ip
 * @property {string} sha256 of the running image.
 * @property {number} imageBytes
 * @property {number} resetReason
 * @property {string} slot
 * @property {string} boot
 */

/** Thrown through the image to end it. */
export class Ended {
  /**
   * @param {"restart" | "panic"} kind
   * @param {number} reason
   * @param {string} [text]
   */
  constructor(kind, reason, text = "") {
    this.kind = kind;
    this.reason = reason;
    this.text = text;
  }
}

export class Machine {
  /**
   * @param {object} parts
   * @param {Facts} parts.facts
   * @param {import("./nvs.js").NvsEntries} parts.nvs
   * @param {import("./inbox.js").Inbox} parts.inbox
   * @param {(message: Record<string, unknown>) => void} parts.post
   */
  constructor({ facts, nvs, inbox, post }) {
    this.facts = facts;
    this.inbox = inbox;
    this.post = post;
    this.nvs = new Nvs(nvs);
    this.pins = new Pins();
    this.serial = new Serial();
    this.parts = new Parts();
    this.radio = new Radio({
      isOn: () => inbox.radioIsOn,
      homeName: () => this.nvs.getText("airsketch", "ssid") ?? "",
    });
    /** @type {import("./blocking.js").Blocking} */
    this.blocking = /** @type {any} */ (null);
    this.memory = /** @type {Memory} */ (/** @type {unknown} */ (null));
    /** @type {Function} */
    this.isr = () => {};
    this.startMs = performance.now();
    this.touch = new Touch(this.pins, this.startMs);
    this.framesSent = 0;
    this.frameAtMs = -Infinity;
    this.loops = 0;
    this.activeAtMs = this.startMs;
  }

  /**
   * @param {WebAssembly.Exports} exports
   */
  attach(exports) {
    this.memory = new Memory(/** @type {WebAssembly.Memory} */ (exports.memory));
    this.isr = this.blocking.exported(/** @type {Function} */ (exports.bot_isr));
  }

  /**
   * Let time pass; inputs and interrupts are served meanwhile.
   * @param {number} ms
   */
  *sleep(ms) {
    const end = (this.activeAtMs = performance.now() + ms);
    yield* this.serve();
    for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
      if (left > SPIN_MS) {
        yield this.blocking.pause(Math.min(left, SLICE_MS));
        yield* this.serve();
      } else if (this.blocking.needsYield()) yield this.blocking.pause(0);
    }
  }

  /** The end of a loop: rest for a moment, so that many bots share a computer. */
  *idle() {
    this.loops += 1;
    if (this.pins.hasChanges || this.parts.hasChanges || this.serial.hasChanges) this.activeAtMs = performance.now();
    yield* this.serve();
    const isIdle = performance.now() - this.activeAtMs > THROTTLE_AFTER_MS;
    yield this.blocking.pause(isIdle ? Math.max(MIN_PAUSE_MS, this.inbox.throttleMs) : MIN_PAUSE_MS);
  }

  *serve() {
    this.takeInputs();
    for (const pin of this.pins.takeInterrupts()) yield this.isr(pin);
    this.sendChanges();
  }

  takeInputs() {
    for (let input = this.inbox.take(); input; input = this.inbox.take()) {
      this.activeAtMs = performance.now();
      if (input.kind === Input.BYTE) this.serial.receive(input.value);
      else if (input.kind === Input.LEVEL) this.touch.push(input);
      else this.pins.apply(input);
    }
    this.touch.turn(performance.now());
  }

  /** Send the page what changed; at most one frame is on its way. */
  sendChanges() {
    const now = performance.now();
    const age = now - this.frameAtMs;
    if (age < FRAME_MS) return;
    const isAcknowledged = this.inbox.framesSeen >= this.framesSent || age > FRAME_ACK_TIMEOUT_MS;
    const isDue = this.pins.hasChanges || this.parts.hasChanges || (this.serial.hasChanges && age > PRINT_MS) || age > HEARTBEAT_MS;
    if (isAcknowledged && isDue) this.sendFrame(now);
  }

  /** @param {number} now */
  sendFrame(now) {
    this.frameAtMs = now;
    this.framesSent = this.inbox.framesSeen + 1;
    const { bytes, dropped } = this.serial.takeOutput();
    const upMs = now - this.startMs;
    this.post({ type: "frame", pins: this.pins.snapshot(), parts: this.parts.takeChanges(), bytes, dropped, loops: this.loops, upMs });
  }
}
