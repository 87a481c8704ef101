/** The picture of a virtual bot: a board with its LED, its pads, and two buttons that work. */

import { el, setText } from "../../core/dom.js";
import { HoldButton } from "./hold-button.js";
import { brightnessOf } from "./pin-labels.js";
import { svg } from "./svg.js";

/** @typedef {import("./pin-labels.js").PinState} PinState */

const LED_PIN = 2;
/** Pads as on the common 30-pin board; the top row from left to right, then the bottom row. */
const TOP = [23, 22, 1, 3, 21, 19, 18, 5, 17, 16, 4, 2, 15];
const BOTTOM = [36, 39, 34, 35, 32, 33, 25, 26, 27, 14, 12, 13, 0];
const FIRST_PAD_X = 72;
const PAD_STEP = 20;

/** Fires `trigger` (detail: whether it is down) and `reset`. */
export class VirtualBoard extends EventTarget {
  constructor() {
    super();
    this.glow = svg("circle", { class: "vboard__glow", cx: 292, cy: 66, r: 20, opacity: 0 });
    this.led = svg("circle", { class: "vboard__led", cx: 292, cy: 66, r: 6, opacity: 0.15 });
    /** @type {Map<number, SVGElement>} */
    this.pads = new Map();
    this.picture = this.#draw();
    this.trigger = new HoldButton({ label: "Trigger", className: "vboard__button vboard__button--trigger" });
    this.trigger.addEventListener("hold", (event) => this.#fire("trigger", /** @type {CustomEvent} */ (event).detail));
    this.reset = el("button", { class: "vboard__button vboard__button--reset", type: "button", onclick: () => this.#fire("reset") }, "Reset");
    this.state = el("p", { class: "vboard__state", role: "status" });
    this.ledText = el("p", { class: "vboard__led-text" });
    this.element = el(
      "div", { class: "vboard" },
      el("div", { class: "vboard__frame" }, this.picture, this.trigger.element, this.reset),
      el("div", { class: "vboard__status" }, this.state, this.ledText),
    );
    this.setPins([]);
  }

  /** @param {PinState[]} pins */
  setPins(pins) {
    const led = pins.find(({ pin }) => pin === LED_PIN);
    const brightness = led ? brightnessOf(led) : 0;
    this.glow.setAttribute("opacity", String(brightness * 0.75));
    this.led.setAttribute("opacity", String(0.15 + brightness * 0.85));
    this.element.dataset.edges = String(led?.edges ?? 0);
    this.element.dataset.led = brightness > 0 ? "on" : "off";
    const byPin = new Map(pins.map((state) => [state.pin, state]));
    for (const [pin, pad] of this.pads) {
      const state = byPin.get(pin);
      pad.setAttribute("class", state ? `vboard__pad ${brightnessOf(state) > 0 ? "vboard__pad--high" : "vboard__pad--low"}` : "vboard__pad");
    }
    setText(this.ledText, led ? `LED (GPIO 2): toggled ${led.edges} times` : "LED (GPIO 2): not used yet");
  }

  /**
   * @param {string} text
   * @param {"good" | "busy" | "bad" | "quiet"} tone
   */
  setState(text, tone) {
    this.state.dataset.tone = tone;
    setText(this.state, text);
  }

  #draw() {
    const picture = svg(
      "svg", { class: "vboard__picture", viewBox: "0 0 400 190", role: "img", "aria-label": "The bot's board with its LED, trigger button and reset button" },
      svg("rect", { class: "vboard__plate", x: 14, y: 10, width: 372, height: 170, rx: 12 }),
      svg("rect", { class: "vboard__usb", x: 4, y: 74, width: 34, height: 42, rx: 4 }),
      svg("rect", { class: "vboard__chip", x: 130, y: 54, width: 112, height: 82, rx: 4 }),
      svg("path", { class: "vboard__antenna", d: "M142 124v-14h12v14h12v-14h12v14h12v-14h12v14" }),
      svg("text", { class: "vboard__name", x: 186, y: 88, "text-anchor": "middle" }, "virtual bot"),
      svg("text", { class: "vboard__print", x: 292, y: 96, "text-anchor": "middle" }, "LED"),
      this.glow, this.led,
    );
    TOP.forEach((pin, at) => picture.append(this.#pad(pin, at, 24)));
    BOTTOM.forEach((pin, at) => picture.append(this.#pad(pin, at, 166)));
    return picture;
  }

  /**
   * @param {number} pin
   * @param {number} at
   * @param {number} y
   */
  #pad(pin, at, y) {
    const x = FIRST_PAD_X + at * PAD_STEP;
    const pad = svg("circle", { class: "vboard__pad", cx: x, cy: y, r: 5 });
    this.pads.set(pin, pad);
    return svg("g", {}, pad, svg("text", { class: "vboard__print", x, y: y > 90 ? y - 9 : y + 15, "text-anchor": "middle" }, String(pin)));
  }

  /**
   * @param {string} name
   * @param {boolean} [detail]
   */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
