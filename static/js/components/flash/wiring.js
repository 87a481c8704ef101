/** What is connected to a bot, and what its agent tells of itself. Empty fields leave all as it always is. */

import { el, freshId } from "../../core/dom.js";

const MAX_PIN = 54;

export class FlashWiring {
  constructor() {
    this.triggerPin = pinInput("trigger-pin");
    this.lampPin = pinInput("lamp-pin");
    this.triggerHigh = checkbox();
    this.lampLow = checkbox();
    this.says = checkbox();
    this.logs = checkbox();
    this.element = el(
      "details", { class: "flash-wiring" },
      el("summary", {}, "Button, lamp and log"),
      el(
        "div", { class: "form" },
        field("Trigger button on GPIO", this.triggerPin, "Empty: the board's own button, BOOT."),
        row(this.triggerHigh, "The button connects its pin to 3.3 V instead of ground"),
        field("Lamp on GPIO", this.lampPin, "Empty: no lamp. It shows how the bot is; your sketch cannot use that pin then."),
        row(this.lampLow, "The lamp lights when its pin is low"),
        row(this.says, "Tell on the serial port what the agent does"),
        row(this.logs, "Send what the sketch prints to this server, for you to read without a cable"),
      ),
    );
  }

  /** The fields of a request; the server says when there is no such pin. */
  get values() {
    return {
      trigger_pin: pinOf(this.triggerPin),
      trigger_high: this.triggerHigh.checked,
      lamp_pin: pinOf(this.lampPin),
      lamp_low: this.lampLow.checked,
      says: this.says.checked,
      logs: this.logs.checked,
    };
  }
}

/** @param {string} name */
function pinInput(name) {
  return el("input", { class: "input", id: freshId(name), type: "number", min: 0, max: MAX_PIN, step: 1, inputmode: "numeric" });
}

function checkbox() {
  return el("input", { class: "checkbox", type: "checkbox", id: freshId("choice") });
}

/** @param {HTMLInputElement} input */
function pinOf(input) {
  return input.value === "" ? null : input.valueAsNumber;
}

/** @param {string} label @param {HTMLInputElement} input @param {string} hint */
function field(label, input, hint) {
  const words = el("p", { class: "hint", id: freshId("hint") }, hint);
  input.setAttribute("aria-describedby", words.id);
  return el("div", { class: "field" }, el("label", { class: "field__label", for: input.id }, label), input, words);
}

/** @param {HTMLInputElement} input @param {string} label */
function row(input, label) {
  return el("div", { class: "flash-wiring__row" }, input, el("label", { for: input.id }, label));
}
