/**
 * The page's side of a virtual bot: power, reset, USB, slots, watchdog, and the messages of its worker.
 * Fires `frame`, `print` (detail: {bytes, dropped}), `tone`, `state`, `note` (detail: {text, tone, trace?}), `flash`,
 * `saved` (detail: whether its whole state would survive a reload).
 */

import { sha256Hex } from "../../vendor/hashes.js";
import { NetworkGate } from "./gate.js";
import { INBOX_BYTES, Inbox, Input } from "./inbox.js";
import { Nvs, identityOf } from "./nvs.js";
import * as slots from "./slots.js";
import { REPLY_BYTES, sendReply } from "./blocking.js";

/** @typedef {import("./slots.js").Flash} Flash */
/** @typedef {"off" | "on" | "restarting" | "given_up"} Power */
/**
 * @typedef {object} Parts
 * @property {string} productId
 * @property {string} origin of the server.
 * @property {string[]} allowedOrigins other servers that its owner lets it ask.
 * @property {"atomics" | "jspi"} blocking
 * @property {() => Worker} makeWorker
 * @property {typeof globalThis.fetch} fetch
 * @property {Pick<import("./store.js").BotStore, "saveNvs" | "saveFlash">} store
 * @property {import("./store.js").StoredBot} stored what the store held.
 */

const { Reason } = slots;
const RESTART_MS = 150;
const WATCHDOG_INTERVAL_MS = 1000;
/** In seconds; the task watchdog of an ESP32 waits as long. */
const MAX_MISSED_HEARTBEATS = 5;
const STABLE_AFTER_MS = 60_000;

export class VirtualBot extends EventTarget {
  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.parts = parts;
    this.nvs = new Nvs(parts.stored.nvs ?? []);
    /** @type {Flash} */
    this.flash = parts.stored.flash ?? slots.emptyFlash();
    /** @type {Power} */
    this.power = "off";
    /** @type {import("./throttle.js").Environment} */
    this.environment = { radioIsOn: true, throttleMs: 1 };
    this.gate = new NetworkGate({ fetch: parts.fetch, network: parts });
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Inbox | null} */
    this.inbox = null;
    /** @type {SharedArrayBuffer | undefined} */
    this.reply = undefined;
    this.missedHeartbeats = 0;
    /** How many values the store is still writing. */
    this.writes = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.restartTimer = undefined;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.watchdogTimer = undefined;
  }

  get hasImage() {
    return Boolean(this.flash.slots[0] || this.flash.slots[1]);
  }

  get hasKey() {
    return this.nvs.getText("airsketch", "device_key") !== null;
  }

  /** Write who the bot is, as the initial flash does. @param {string} deviceKey 64 hex digits. */
  setIdentity(deviceKey) {
    this.nvs = identityOf(this.parts.productId, deviceKey, this.parts.origin);
    this.#saveNvs();
  }

  /** @param {slots.Image} image checked by the caller. */
  flashOverUsb(image) {
    this.#setFlash(slots.flashedOverUsb(this.flash, image));
    this.#note(`Flashed over USB: ${image.project}.`, "good");
    this.start();
  }

  /** Switch the power on (again). @param {number} [reason] */
  start(reason = Reason.POWER_ON) {
    this.#cut();
    if (!this.hasImage) return;
    this.nvs.setText("airsketch", "server", this.parts.origin);
    this.#setFlash(slots.booted(this.flash, reason));
    if (this.flash.boot === "rolled_back") this.#note("The new sketch was not confirmed, so the bot rolled back.", "bad");
    if (this.flash.badBoots >= slots.BAD_BOOTS_BEFORE_OFF) {
      this.#note("The sketch kept crashing. The bot stays off; flash another sketch over USB.", "bad");
      this.#setPower("given_up");
      return;
    }
    if (this.flash.boot === "rescue") this.#note("Three failed starts in a row: starting in rescue mode.", "bad");
    this.#boot(reason);
  }

  stop() {
    this.#cut();
    this.#setPower("off");
  }

  /** @param {number} pin @param {number} level 0, 1 or `RELEASED`. */
  setLevel(pin, level) {
    this.#send(Input.LEVEL, pin, level);
  }

  /** @param {number} pin @param {number} value 0 to 4095. */
  setAnalog(pin, value) {
    this.#send(Input.ANALOG, pin, value);
  }

  /** @param {string} text typed into the serial port. */
  type(text) {
    for (const byte of new TextEncoder().encode(text)) this.#send(Input.BYTE, 0, byte);
  }

  /** Change its environment: the network, the throttling. @param {Partial<import("./throttle.js").Environment>} change */
  setEnvironment(change) {
    Object.assign(this.environment, change);
    if (this.inbox) Object.assign(this.inbox, this.environment);
    else this.worker?.postMessage({ type: "around", environment: this.environment });
  }

  /** @param {number} reason */
  #boot(reason) {
    const image = slots.runningImage(this.flash);
    if (!image) return;
    const shared = this.#sharedMemory();
    const worker = this.parts.makeWorker();
    this.worker = worker;
    worker.onmessage = ({ data }) => this.worker === worker && this.#receive(data);
    worker.onerror = (event) => this.worker === worker && this.#ended({ kind: "crash", text: event.message || "The worker could not start." });
    worker.postMessage({
      type: "start", image: image.bytes, nvs: this.nvs.entries, environment: this.environment, shared,
      facts: {
        productId: this.parts.productId, ...addressesOf(this.parts.productId), sha256: image.sha256, imageBytes: image.bytes.length,
        resetReason: reason, slot: `ota_${this.flash.running}`, boot: this.flash.boot,
      },
    });
    this.missedHeartbeats = 0;
    this.watchdogTimer = setInterval(() => this.#checkHeartbeat(), WATCHDOG_INTERVAL_MS);
    this.#setPower("on");
  }

  #sharedMemory() {
    if (this.parts.blocking !== "atomics") return null;
    this.reply = new SharedArrayBuffer(REPLY_BYTES);
    const inbox = new SharedArrayBuffer(INBOX_BYTES);
    this.inbox = new Inbox(inbox);
    Object.assign(this.inbox, this.environment);
    return { inbox, reply: this.reply };
  }

  /** @param {any} message of the worker. */
  #receive(message) {
    /** @type {Record<string, () => unknown>} */
    const handlers = {
      frame: () => this.#frame(message),
      nvs: () => this.#takeNvs(message.entries),
      ask: () => this.#ask(message),
      confirm: () => this.flash.onTrial && this.#setFlash(slots.confirmed(this.flash)),
      update: () => this.#setFlash(slots.withUpdate(this.flash, message.image)),
      tone: () => this.#fire("tone", message),
      note: () => this.#note(message.text, "bad"),
      end: () => this.#ended(message),
    };
    handlers[message.type]?.();
  }

  /** @param {{bytes: Uint8Array, dropped: number, upMs: number}} frame */
  #frame(frame) {
    this.missedHeartbeats = 0;
    if (frame.upMs > STABLE_AFTER_MS && this.flash.badBoots > 0) this.#setFlash(slots.stabilised(this.flash));
    if (frame.bytes.length > 0 || frame.dropped > 0) this.#fire("print", frame);
    this.#fire("frame", frame);
    if (this.inbox) this.inbox.frameSeen();
    else this.worker?.postMessage({ type: "seen" });
  }

  /** @param {import("./nvs.js").NvsEntries} entries */
  #takeNvs(entries) {
    this.nvs = new Nvs(entries);
    this.#saveNvs();
  }

  /** @param {{ask: import("./gate.js").Ask, number?: number}} message `number`: of the question, where no memory is shared. */
  async #ask({ ask, number }) {
    const { worker, reply } = this;
    const answer = await this.gate.ask(ask);
    if (worker !== this.worker) return;
    if (reply) sendReply(reply, answer);
    else worker?.postMessage({ type: "answer", number, answer });
  }

  /** @param {{kind: "restart" | "refused" | "crash", text?: string, trace?: string[], reason?: number}} end */
  #ended({ kind, text = "", trace = [], reason = Reason.SOFTWARE }) {
    if (kind === "restart") return this.#restart(reason);
    this.#note(kind === "refused" ? `The firmware does not start. ${text}` : `The sketch crashed. ${text}`, "bad", trace);
    return this.#restart(Reason.CRASH);
  }

  /** A sketch that blocks this long would never get an update. */
  #checkHeartbeat() {
    this.missedHeartbeats += 1;
    if (this.missedHeartbeats <= MAX_MISSED_HEARTBEATS) return;
    this.#note("The sketch did not yield for 5 seconds, so the watchdog restarts the bot.", "bad");
    this.#restart(Reason.WATCHDOG);
  }

  /** @param {number} reason */
  #restart(reason) {
    this.#cut();
    this.#setPower("restarting");
    this.restartTimer = setTimeout(() => this.start(reason), RESTART_MS);
  }

  /** Take the power away. */
  #cut() {
    clearTimeout(this.restartTimer);
    clearInterval(this.watchdogTimer);
    this.worker?.terminate();
    this.worker = null;
    this.inbox = null;
    this.reply = undefined;
    this.gate.closeAll();
    this.#fire("tone", { pin: -1, hz: 0, ms: 0 });
  }

  /**
   * @param {number} kind
   * @param {number} pin
   * @param {number} value
   */
  #send(kind, pin, value) {
    if (this.inbox) this.inbox.push(kind, pin, value);
    else this.worker?.postMessage({ type: "input", kind, pin, value });
  }

  /** @param {Flash} flash */
  #setFlash(flash) {
    this.flash = flash;
    void this.#save(this.parts.store.saveFlash(this.parts.productId, flash));
    this.#fire("flash", flash);
  }

  #saveNvs() {
    void this.#save(this.parts.store.saveNvs(this.parts.productId, this.nvs.entries));
  }

  /** @param {Promise<unknown>} work */
  async #save(work) {
    this.writes += 1;
    this.#fire("saved", false);
    try {
      await work;
    } catch {
      this.#note("This browser does not store data: after a reload, the bot loses its state.", "bad");
    }
    this.writes -= 1;
    if (this.writes === 0) this.#fire("saved", true);
  }

  /** @param {Power} power */
  #setPower(power) {
    this.power = power;
    this.#fire("state", power);
  }

  /**
   * @param {string} text
   * @param {"good" | "bad"} tone
   * @param {string[]} [trace]
   */
  #note(text, tone, trace = []) {
    this.#fire("note", { text, tone, trace });
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/**
 * Addresses that stay the same for a bot: locally administered, and private.
 * @param {string} productId
 */
export function addressesOf(productId) {
  const digest = sha256Hex(new TextEncoder().encode(productId));
  const pairs = digest.slice(0, 10).toUpperCase().match(/../g) ?? [];
  return { mac: ["02", ...pairs].join(":"), ip: `10.0.0.${2 + (parseInt(digest.slice(10, 12), 16) % 250)}` };
}
