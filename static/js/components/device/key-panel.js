/** The state of a bot's key; the key itself is never shown. */

import { el, setText } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { keyStatus } from "./key-messages.js";

/** @typedef {import("../../core/events.js").Device} Device */

/** Fires `renew` and `revoke`. */
export class KeyPanel extends EventTarget {
  constructor() {
    super();
    this.pill = el("span", { class: "pill" });
    this.text = el("p", { class: "key-panel__text" });
    this.state = el("div", { class: "key-panel__state", role: "status" }, el("p", { class: "pills" }, this.pill), this.text);
    this.renew = el("button", { class: "button", type: "button", disabled: true }, icon("key"), "New key");
    this.revoke = el("button", { class: "button button--danger", type: "button", disabled: true }, icon("cross"), "Revoke");
    this.element = el(
      "div", { class: "form" }, this.state,
      el("div", { class: "key-panel__actions" }, this.renew, this.revoke),
      el("p", { class: "hint" }, "Create a new key from time to time, or when you no longer trust the old one. Revoke it when the bot or one of its files is lost or stolen."),
      el("p", { class: "hint" }, "If the key itself has leaked, revoke it or flash over USB: anyone who has it and intercepts traffic could read the new one, too."),
    );
    /** @type {Device | undefined} */
    this.device = undefined;
    this.renew.addEventListener("click", () => this.dispatchEvent(new Event("renew")));
    this.revoke.addEventListener("click", () => this.dispatchEvent(new Event("revoke")));
  }

  /** @param {Device} device */
  set(device) {
    this.device = device;
    const { pill, tone, text } = keyStatus(device);
    this.pill.className = `pill pill--${tone}`;
    setText(this.pill, pill);
    setText(this.text, text);
    // One that waits to be handed over may be with the bot already: another would come too late.
    this.renew.disabled = device.credential === "renewed";
    this.revoke.disabled = device.credential === "revoked";
  }
}
