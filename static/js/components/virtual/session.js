/** A virtual bot in a page: the machine of virtual-bot/ wired to its picture, its pins and its serial port. */

import { Tabs } from "../ui/tabs.js";
import { VirtualBoard } from "./board.js";
import { VirtualControls } from "./controls.js";
import { VirtualParts } from "./parts.js";
import { VirtualPins } from "./pins.js";
import { VirtualPlotter } from "./plotter.js";
import { VirtualSerial } from "./serial.js";
import { VirtualSound } from "./sound.js";
import { announce } from "../../core/dom.js";
import { VirtualBot } from "../../virtual-bot/bot.js";
import { imageOf } from "../../virtual-bot/flashing.js";
import { RELEASED } from "../../virtual-bot/inbox.js";
import { SingleTabLock } from "../../virtual-bot/single-tab-lock.js";
import { Plot } from "../../virtual-bot/plot.js";
import { runningImage } from "../../virtual-bot/slots.js";
import { BotStore } from "../../virtual-bot/store.js";
import { TRIGGER_PIN } from "../../virtual-bot/pins.js";
import { blockingFor } from "../../virtual-bot/blocking.js";

/** @typedef {import("./pin-labels.js").PinState} PinState */
/** @typedef {{text: string, tone: "good" | "bad", trace: string[]}} Note */

const WORKER = new URL("../../virtual-bot/worker.js", import.meta.url);

/** Why no virtual bot can run here; empty if one can. */
export function unsupportedReason() {
  if (blockingFor(globalThis) !== "none") return "";
  return "In this browser, virtual bots need HTTPS or localhost. Over plain HTTP they need Chrome or Edge 137, or Firefox 153, or newer.";
}

/**
 * A bot as this browser keeps it, off.
 * @param {string} productId
 * @param {string[]} [allowedOrigins] other servers it may ask; the policy of the page must name them too.
 */
export async function loadVirtualBot(productId, allowedOrigins = []) {
  const store = new BotStore();
  return new VirtualBot({
    productId, store, origin: location.origin, allowedOrigins, blocking: /** @type {"atomics" | "jspi"} */ (blockingFor(globalThis)),
    makeWorker: () => new Worker(WORKER, { type: "module", name: productId }),
    fetch: window.fetch.bind(window),
    stored: await store.load(productId),
  });
}

/**
 * @param {string} productId
 * @param {string[]} [allowedOrigins]
 * @returns {Promise<VirtualSession>}
 */
export async function openVirtualBot(productId, allowedOrigins) {
  return new VirtualSession(await loadVirtualBot(productId, allowedOrigins));
}

/**
 * How a bot is, in words.
 * @param {VirtualBot} bot
 * @returns {[string, "good" | "busy" | "bad" | "quiet"]}
 */
export function stateLabel({ power, flash }) {
  if (power === "restarting") return ["Restarting", "busy"];
  if (power === "given_up") return ["Off: it kept crashing", "bad"];
  if (power === "off") return ["Off", "quiet"];
  const name = runningImage(flash)?.project ?? "nothing";
  if (flash.boot === "rescue") return [`Rescue mode: ${name} failed three times`, "bad"];
  return [`Running ${name} from slot ota_${flash.running}${flash.onTrial ? ", not confirmed yet" : ""}`, "good"];
}

export class VirtualSession {
  /** @param {VirtualBot} bot */
  constructor(bot) {
    this.bot = bot;
    this.board = new VirtualBoard();
    this.controls = new VirtualControls();
    this.pins = new VirtualPins();
    this.parts = new VirtualParts();
    this.serial = new VirtualSerial();
    this.plotter = new VirtualPlotter();
    this.sound = new VirtualSound();
    this.plot = new Plot();
    this.tabs = new Tabs("Sketch output", [
      { key: "serial", label: "Serial Monitor", panel: this.serial.element },
      { key: "plot", label: "Plotter", panel: this.plotter.element },
    ]);
    /** @type {PinState[]} */
    this.shown = [];
    /** @type {Map<string, import("../../virtual-bot/parts.js").Part>} */
    this.shownParts = new Map();
    this.frame = 0;
    this.hasNumbers = false;
    this.tab = new SingleTabLock(bot.parts.productId, { isRunning: () => bot.power !== "off", stop: () => this.#lost() });
    this.#listenToControls();
    this.#listenToBot();
    this.#drawPower();
  }

  /** Switch it on, if it has a sketch; other tabs let go of it. */
  start() {
    this.tab.acquire();
    this.bot.start();
  }

  /**
   * @param {Uint8Array} bytes of a finished build.
   * @throws {import("../../virtual-bot/image.js").BadImage}
   */
  flashOverUsb(bytes) {
    const image = imageOf(bytes);
    this.tab.acquire();
    this.bot.flashOverUsb(image);
  }

  #listenToControls() {
    const { bot } = this;
    /** @type {(event: Event) => any} */
    const detail = (event) => /** @type {CustomEvent} */ (event).detail;
    this.board.addEventListener("trigger", (event) => bot.setLevel(TRIGGER_PIN, detail(event) ? 0 : RELEASED));
    this.board.addEventListener("reset", () => this.start());
    this.controls.addEventListener("power", (event) => (detail(event) ? this.start() : bot.stop()));
    this.controls.addEventListener("radio", (event) => bot.setEnvironment({ radioIsOn: detail(event) }));
    this.controls.addEventListener("sound", (event) => this.sound.setOn(detail(event)));
    this.pins.addEventListener("level", (event) => bot.setLevel(detail(event).pin, detail(event).level));
    this.pins.addEventListener("analog", (event) => bot.setAnalog(detail(event).pin, detail(event).value));
    this.serial.addEventListener("type", (event) => bot.type(detail(event)));
  }

  #listenToBot() {
    const { bot } = this;
    bot.addEventListener("frame", (event) => this.#take(/** @type {CustomEvent} */ (event).detail));
    bot.addEventListener("print", (event) => this.#print(/** @type {CustomEvent} */ (event).detail));
    bot.addEventListener("tone", (event) => this.sound.play(/** @type {CustomEvent} */ (event).detail));
    bot.addEventListener("note", (event) => this.#note(/** @type {CustomEvent} */ (event).detail));
    bot.addEventListener("state", () => this.#drawPower());
    bot.addEventListener("flash", () => this.#drawPower());
    bot.addEventListener("saved", (event) => (this.board.element.dataset.saved = String(/** @type {CustomEvent} */ (event).detail)));
  }

  /** @param {{pins: PinState[], parts: import("../../virtual-bot/parts.js").Part[]}} frame */
  #take({ pins, parts }) {
    this.shown = pins;
    for (const part of parts) this.shownParts.set(`${part.kind} ${part.id}`, part);
    this.frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.frame = 0;
    this.board.setPins(this.shown);
    this.pins.set(this.shown);
    this.parts.set([...this.shownParts.values()]);
    if (this.hasNumbers) this.plotter.set(this.plot.series);
    this.hasNumbers = false;
  }

  /** @param {{bytes: Uint8Array, dropped: number}} printed */
  #print({ bytes, dropped }) {
    const text = this.serial.print(bytes, dropped);
    this.hasNumbers = this.plot.add(text) || this.hasNumbers;
  }

  /** @param {Note} note */
  #note({ text, tone, trace }) {
    this.serial.note(text, tone);
    for (const name of trace) this.serial.note(`    in ${name}`, tone);
    announce(text);
  }

  #drawPower() {
    const { power } = this.bot;
    this.controls.setPower(power === "on" || power === "restarting");
    this.board.setState(...stateLabel(this.bot));
    if (power !== "on") {
      this.shownParts.clear();
      this.#take({ pins: [], parts: [] });
    }
    for (const [pin, value] of this.pins.analog) this.bot.setAnalog(pin, value);
  }

  #lost() {
    this.bot.stop();
    this.#note({ text: "This bot was started in another tab, so it was stopped here.", tone: "bad", trace: [] });
  }
}
