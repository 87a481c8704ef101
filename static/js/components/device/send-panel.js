/** The bot's side of the sketch page: which bot, how it is, send, and its link. */

import { el, fill, freshId, setText, show } from "../../core/dom.js";
import { agoText } from "../../core/format.js";
import { CONNECTIVITY_LABELS, connectivityOf } from "./connectivity.js";
import { firmwareText } from "./firmware-messages.js";
import { icon } from "../../core/icons.js";
import { LinkBox } from "./link-box.js";

/** @typedef {import("../../core/events.js").Device} Device */

/** Fires `choose` (detail: product id), `send`, `cancel`. */
export class SendPanel extends EventTarget {
  constructor() {
    super();
    this.select = el("select", { class: "select", id: freshId("bot") });
    this.select.addEventListener("change", () => this.#fire("choose", this.select.value));
    this.label = el("label", { class: "field__label", for: this.select.id }, "Send to");
    this.name = el("p", { class: "send__name" });
    this.facts = el("p", { class: "send__facts" });
    this.firmware = el("p", { class: "send__firmware" });
    this.sendButton = el("button", { class: "button button--wide", type: "button", onclick: () => this.#fire("send") }, icon("send"), "Send to bot");
    this.why = el("p", { class: "hint" });
    this.cancelButton = el("button", { class: "button button--wide", type: "button", hidden: true, onclick: () => this.#fire("cancel") }, "Cancel update");
    this.link = new LinkBox();
    this.body = el(
      "div", { class: "send" }, this.label, this.select, this.name, this.facts, this.firmware, this.sendButton, this.cancelButton, this.why,
      el("p", { class: "hint send__link-hint" }, "Link to the latest firmware:"), this.link.element,
    );
    this.none = el(
      "p", { class: "empty" }, "You have no bot yet. ", el("a", { href: "/devices" }, "Claim one"), " to send this sketch to it.",
    );
    this.element = el("div", {}, this.body, this.none);
    this.drawn = "";
    /** @type {Device | undefined} */
    this.device = undefined;
  }

  /**
   * @param {Device[]} devices
   * @param {Device | undefined} chosen
   */
  setDevices(devices, chosen) {
    const ids = devices.map((device) => device.id);
    const signature = ids.join(" ");
    if (signature !== this.drawn) fill(this.select, ...ids.map((id) => el("option", { value: id }, id)));
    this.drawn = signature;
    this.device = chosen;
    show(this.body, devices.length > 0);
    show(this.none, devices.length === 0);
    show(this.select, devices.length > 1);
    show(this.label, devices.length > 1);
    if (!chosen) return;
    this.select.value = chosen.id;
    const text = devices.length > 1 ? `About ${chosen.id}` : chosen.id;
    fill(this.name, el("a", { href: `/devices/${encodeURIComponent(chosen.id)}` }, text));
    this.link.set(chosen.link_name);
    this.tick();
  }

  /** @param {import("../../core/events.js").Firmware | undefined} firmware what the chosen bot runs; undefined until it is known. */
  setFirmware(firmware) {
    const isKnown = firmware !== undefined && firmware.running.kind !== "unknown";
    show(this.firmware, isKnown);
    if (isKnown) setText(this.firmware, `Runs ${firmwareText(firmware)}`);
  }

  /** Renew the words that depend on time. */
  tick() {
    if (!this.device) return;
    const state = connectivityOf(this.device, Date.now());
    const seen = this.device.last_seen_at ? ` · last seen ${agoText(this.device.last_seen_at)}` : "";
    this.facts.dataset.connectivity = state;
    setText(this.facts, `${CONNECTIVITY_LABELS[state]}${seen}`);
  }

  /**
   * @param {{canSend: boolean, isUnderWay: boolean, why: string, canCancel: boolean, isPrimary: boolean}} state
   *   `why`: the reason it cannot be sent now; `isPrimary`: sending is the next thing to do.
   */
  setActions({ canSend, isUnderWay, why, canCancel, isPrimary }) {
    this.sendButton.disabled = !canSend;
    show(this.sendButton, !isUnderWay);
    this.sendButton.classList.toggle("button--accent", isPrimary);
    setText(this.why, why);
    show(this.why, Boolean(why));
    show(this.cancelButton, canCancel);
  }

  /**
   * @param {string} name
   * @param {string} [detail]
   */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
