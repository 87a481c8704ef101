/** The network a bot shall use. Write-only: what was typed never comes back to a page. */

import { el, freshId, setText, show } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { networkStory } from "./wifi-messages.js";
import { ssidFault, wifiPasswordFault } from "./wifi-rules.js";
import { PasswordField } from "../ui/password-field.js";

/** @typedef {import("../../core/events.js").Device} Device */

/** Fires `save` (detail: {ssid, password}). */
export class WifiForm extends EventTarget {
  constructor() {
    super();
    this.stateText = el("p", {});
    this.stateAdvice = el("p", { class: "wifi__advice" });
    this.state = el("div", { class: "wifi__state", role: "status" }, this.stateText, this.stateAdvice);
    this.ssidFault = el("p", { class: "field__fault", id: freshId("fault") });
    this.ssid = el("input", {
      class: "input", id: freshId("ssid"), name: "ssid", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      "aria-describedby": this.ssidFault.id,
    });
    this.password = new PasswordField({
      label: "Password", name: "wifi-password", autocomplete: "off", hint: "Leave empty for an open network; otherwise 8 to 63 characters.",
    });
    this.button = el("button", { class: "button button--accent", type: "submit" }, icon("wifi"), "Save");
    this.element = el(
      "form", { class: "form", novalidate: true }, this.state,
      el("div", { class: "field" }, el("label", { class: "field__label", for: this.ssid.id }, "Network name (SSID)"), this.ssid, this.ssidFault),
      this.password.element,
      el("div", {}, this.button),
    );
    this.element.addEventListener("submit", (event) => this.#submit(event));
    this.ssid.addEventListener("input", () => setText(this.ssidFault, this.ssid.value ? ssidFault(this.ssid.value) : ""));
    this.password.input.addEventListener("change", () => this.password.setFault(wifiPasswordFault(this.password.input.value)));
  }

  /** @param {Device} device */
  set(device) {
    const { text, advice, tone } = networkStory(device);
    this.state.dataset.tone = tone;
    setText(this.stateText, text);
    setText(this.stateAdvice, advice);
    show(this.stateAdvice, Boolean(advice));
  }

  /** Empty the form after it was taken. */
  clear() {
    this.element.reset();
    this.password.setFault("");
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.button.disabled = isBusy;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const values = { ssid: this.ssid.value, password: this.password.input.value };
    const faults = [ssidFault(values.ssid), wifiPasswordFault(values.password)];
    setText(this.ssidFault, faults[0]);
    this.ssid.toggleAttribute("aria-invalid", Boolean(faults[0]));
    this.password.setFault(faults[1]);
    if (faults[0]) this.ssid.focus();
    else if (faults[1]) this.password.input.focus();
    else this.dispatchEvent(new CustomEvent("save", { detail: values }));
  }
}
