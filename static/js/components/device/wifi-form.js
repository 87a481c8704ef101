/** The network that a bot uses. Write-only: what was typed never comes back to a page. */

import { el, freshId, setText, show } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { wifiStatus } from "./wifi-messages.js";
import { ssidError, wifiPasswordError } from "./wifi-rules.js";
import { PasswordField } from "../ui/password-field.js";

/** @typedef {import("../../core/events.js").Device} Device */

/** Fires `save` (detail: {ssid, password}). */
export class WifiForm extends EventTarget {
  constructor() {
    super();
    this.stateText = el("p", {});
    this.stateAdvice = el("p", { class: "wifi__advice" });
    this.state = el("div", { class: "wifi__state", role: "status" }, this.stateText, this.stateAdvice);
    this.ssidError = el("p", { class: "field__error", id: freshId("error") });
    this.ssid = el("input", {
      class: "input", id: freshId("ssid"), name: "ssid", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      "aria-describedby": this.ssidError.id,
    });
    this.password = new PasswordField({
      label: "Password", name: "wifi-password", autocomplete: "off", hint: "Leave empty for an open network; otherwise 8 to 63 characters.",
    });
    this.button = el("button", { class: "button button--accent", type: "submit" }, icon("wifi"), "Save");
    this.element = el(
      "form", { class: "form", novalidate: true }, this.state,
      el("div", { class: "field" }, el("label", { class: "field__label", for: this.ssid.id }, "Network name (SSID)"), this.ssid, this.ssidError),
      this.password.element,
      el("div", {}, this.button),
    );
    this.element.addEventListener("submit", (event) => this.#submit(event));
    this.ssid.addEventListener("input", () => setText(this.ssidError, this.ssid.value ? ssidError(this.ssid.value) : ""));
    this.password.input.addEventListener("change", () => this.password.setError(wifiPasswordError(this.password.input.value)));
  }

  /** @param {Device} device */
  set(device) {
    const { text, advice, tone } = wifiStatus(device);
    this.state.dataset.tone = tone;
    setText(this.stateText, text);
    setText(this.stateAdvice, advice);
    show(this.stateAdvice, Boolean(advice));
  }

  /** Empty the form after it was taken. */
  clear() {
    this.element.reset();
    this.password.setError("");
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.button.disabled = isBusy;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const values = { ssid: this.ssid.value, password: this.password.input.value };
    const errors = [ssidError(values.ssid), wifiPasswordError(values.password)];
    setText(this.ssidError, errors[0]);
    this.ssid.toggleAttribute("aria-invalid", Boolean(errors[0]));
    this.password.setError(errors[1]);
    if (errors[0]) this.ssid.focus();
    else if (errors[1]) this.password.input.focus();
    else this.dispatchEvent(new CustomEvent("save", { detail: values }));
  }
}
