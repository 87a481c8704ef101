/** What is connected to a bot, and what its agent logs. Empty fields keep the defaults. */

import { el, freshId } from "../../core/dom.js";

const MAX_PIN = 54;

export class FlashWiring {
  constructor() {
    this.triggerPin = pinInput("trigger-pin");
    this.ledPin = pinInput("led-pin");
    this.triggerActiveHigh = checkbox();
    this.ledActiveLow = checkbox();
    this.agentLogs = checkbox();
    this.sendsLog = checkbox();
    this.element = el(
      "details", { class: "flash-wiring" },
      el("summary", {}, "Button, LED and log"),
      el(
        "div", { class: "form" },
        field("Trigger button on GPIO", this.triggerPin, "Leave empty to use the board's BOOT button."),
        row(this.triggerActiveHigh, "Active high: the button connects its pin to 3.3 V instead of ground"),
        field("Status LED on GPIO", this.ledPin, "Leave empty for none. It shows the state of the bot; your sketch cannot use this pin."),
        row(this.ledActiveLow, "Active low: the LED lights up when its pin is low"),
        row(this.agentLogs, "Log what the agent does to the serial port"),
        row(this.sendsLog, "Stream serial output to this server, to read it without a cable"),
      ),
    );
  }

  /** The fields of a request; the server says when there is no such pin. */
  get values() {
    return {
      trigger_pin: pinOf(this.triggerPin),
      trigger_active_high: this.triggerActiveHigh.checked,
      led_pin: pinOf(this.ledPin),
      led_active_low: this.ledActiveLow.checked,
      serial_verbose: this.agentLogs.checked,
      logs: this.sendsLog.checked,
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
