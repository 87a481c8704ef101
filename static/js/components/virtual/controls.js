/** Power, network and sound of a virtual bot. */

import { el, freshId, setText } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

/** Fires `power` (detail: boolean), `radio` (detail: boolean), `sound` (detail: boolean). */
export class VirtualControls extends EventTarget {
  constructor() {
    super();
    this.isOn = false;
    this.powerText = el("span", {}, "Start");
    this.power = el("button", { class: "button", type: "button", onclick: () => this.#fire("power", !this.isOn) }, icon("play"), this.powerText);
    this.radio = this.#switch("Network", "radio", true);
    this.sound = this.#switch("Sound", "sound", false);
    this.element = el("div", { class: "vcontrols" }, this.radio, this.sound, this.power);
  }

  /** @param {boolean} isOn */
  setPower(isOn) {
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    setText(this.powerText, isOn ? "Stop" : "Start");
    this.power.firstElementChild?.replaceWith(icon(isOn ? "stop" : "play"));
  }

  /**
   * @param {string} label
   * @param {string} name
   * @param {boolean} checked
   */
  #switch(label, name, checked) {
    const input = el("input", { type: "checkbox", class: "switch", role: "switch", id: freshId(name), checked });
    input.addEventListener("change", () => this.#fire(name, input.checked));
    return el("span", { class: "vcontrols__switch" }, input, el("label", { for: input.id }, label));
  }

  /**
   * @param {string} name
   * @param {boolean} detail
   */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
