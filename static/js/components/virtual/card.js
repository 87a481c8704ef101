/** One virtual bot among many: its LED, its state, its trigger. */

import { el, setText } from "../../core/dom.js";
import { HoldButton } from "./hold-button.js";
import { svg } from "./svg.js";

/** Fires `power` (detail: boolean) and `trigger` (detail: whether it is down). */
export class VirtualCard extends EventTarget {
  /** @param {string} productId */
  constructor(productId) {
    super();
    this.isOn = false;
    this.light = svg("circle", { class: "vpin__light", cx: 10, cy: 10, r: 6, opacity: 0 });
    const led = svg("svg", { class: "vcard__led", viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("circle", { class: "vpin__socket", cx: 10, cy: 10, r: 7 }), this.light);
    this.state = el("p", { class: "card__meta" });
    this.power = el("button", { class: "button button--small", type: "button", onclick: () => this.#fire("power", !this.isOn) }, "Start");
    this.power.setAttribute("aria-label", `Start ${productId}`);
    this.productId = productId;
    const trigger = new HoldButton({ label: "Trigger", className: "button button--small" });
    trigger.element.setAttribute("aria-label", `Trigger of ${productId}`);
    trigger.addEventListener("hold", (event) => this.#fire("trigger", /** @type {CustomEvent} */ (event).detail));
    this.element = el(
      "li", { class: "card vcard", "data-bot": productId },
      el("h2", { class: "card__title" }, led, el("a", { href: `/devices/${encodeURIComponent(productId)}/virtual` }, productId)),
      this.state, el("div", { class: "vcard__tools" }, this.power, trigger.element),
    );
  }

  /** @param {number} brightness 0 to 1. */
  setLed(brightness) {
    const opacity = String(Math.round(brightness * 100) / 100);
    if (this.light.getAttribute("opacity") !== opacity) this.light.setAttribute("opacity", opacity);
  }

  /**
   * @param {boolean} isOn
   * @param {string} text
   */
  setState(isOn, text) {
    this.isOn = isOn;
    setText(this.state, text);
    setText(this.power, isOn ? "Stop" : "Start");
    this.power.setAttribute("aria-label", `${isOn ? "Stop" : "Start"} ${this.productId}`);
  }

  /**
   * @param {string} name
   * @param {boolean} detail
   */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
