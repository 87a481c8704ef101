/** Every pin that the sketch uses: its mode, its value, and what a person can do with it. */

import { el, fill, freshId, setText, show } from "../../core/dom.js";
import { HoldButton } from "./hold-button.js";
import { brightnessOf, kindOf, modeText, nameOf, pressedLevel, valueText } from "./pin-labels.js";
import { svg } from "./svg.js";

/** @typedef {import("./pin-labels.js").PinState} PinState */
/** @typedef {{kind: string, element: HTMLElement, set: (state: PinState) => void}} Row */

const RELEASED = 2;
const ANALOG_AT_START = 2048;
const FULL_SCALE_V = 3.3;

/** Fires `level` (detail: {pin, level}) and `analog` (detail: {pin, value}). */
export class VirtualPins extends EventTarget {
  constructor() {
    super();
    this.list = el("ul", { class: "vpins" });
    this.empty = el("p", { class: "empty" }, "The sketch has not used a pin yet.");
    this.element = el("div", {}, this.list, this.empty);
    /** @type {Map<number, Row>} */
    this.rows = new Map();
    /** What the person set; a restart of the bot does not change it. @type {Map<number, number>} */
    this.analog = new Map();
  }

  /** @param {PinState[]} pins */
  set(pins) {
    const isSame = pins.length === this.rows.size && pins.every((state) => this.rows.get(state.pin)?.kind === kindOf(state));
    if (!isSame) this.#redraw(pins);
    for (const state of pins) this.rows.get(state.pin)?.set(state);
    show(this.empty, pins.length === 0);
  }

  /** @param {PinState[]} pins */
  #redraw(pins) {
    const old = this.rows;
    this.rows = new Map(pins.map((state) => {
      const known = old.get(state.pin);
      return [state.pin, known?.kind === kindOf(state) ? known : this.#row(state)];
    }));
    fill(this.list, ...[...this.rows.values()].map((row) => row.element));
  }

  /**
   * @param {PinState} state
   * @returns {Row}
   */
  #row(state) {
    const kind = kindOf(state);
    const mode = el("span", { class: "vpin__mode" });
    const value = el("span", { class: "vpin__value" });
    const part = kind === "slider" ? this.#slider(state, value) : kind === "button" ? this.#button(state) : indicator();
    const element = el(
      "li", { class: `vpin vpin--${kind}`, "data-pin": state.pin },
      el("span", { class: "vpin__name" }, nameOf(state.pin)), mode, value, part.element,
    );
    const set = (/** @type {PinState} */ now) => {
      setText(mode, modeText(now));
      if (kind !== "slider") setText(value, valueText(now));
      element.dataset.edges = String(now.edges);
      part.set(now);
    };
    return { kind, element, set };
  }

  /** @param {PinState} state */
  #button({ pin }) {
    const button = new HoldButton({ label: "Press", className: "button button--small" });
    button.element.setAttribute("aria-label", `Press the button on ${nameOf(pin)}`);
    let level = 1;
    button.addEventListener("hold", (event) => {
      const isDown = /** @type {CustomEvent} */ (event).detail;
      this.#fire("level", { pin, level: isDown ? level : RELEASED });
    });
    const set = (/** @type {PinState} */ state) => {
      if (!button.isDown) level = pressedLevel(state);
    };
    return { element: button.element, set };
  }

  /**
   * @param {PinState} state
   * @param {HTMLElement} value
   */
  #slider({ pin }, value) {
    const input = el("input", {
      type: "range", class: "vpin__slider", id: freshId("analog"), min: 0, max: 4095, value: this.analog.get(pin) ?? ANALOG_AT_START,
      "aria-label": `Voltage on ${nameOf(pin)}`,
    });
    const show4 = () => {
      const text = `${input.value} · ${((Number(input.value) / 4095) * FULL_SCALE_V).toFixed(2)} V`;
      setText(value, text);
      input.setAttribute("aria-valuetext", text);
    };
    input.addEventListener("input", () => {
      this.analog.set(pin, Number(input.value));
      show4();
      this.#fire("analog", { pin, value: Number(input.value) });
    });
    show4();
    return { element: input, set: () => {} };
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function indicator() {
  const light = svg("circle", { class: "vpin__light", cx: 10, cy: 10, r: 6 });
  const element = svg(
    "svg", { class: "vpin__led", viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("circle", { class: "vpin__socket", cx: 10, cy: 10, r: 7 }), light,
  );
  return { element, set: (/** @type {PinState} */ state) => light.setAttribute("opacity", String(brightnessOf(state))) };
}
