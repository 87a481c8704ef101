/** How it stands with a bot's key; the key itself is never shown. */

import { el, setText } from "../core/dom.js";
import { icon } from "../core/icons.js";

/** @type {Record<string, string>} */
const WORDS = {
  current: "The bot and this server share a key that nobody sees. It proves each call.",
  renewed: "A new key is ready: the next flash by wire gives it to the bot. Until the bot uses it, the old one holds.",
  revoked: "Shut out: nothing that calls by this bot's name is believed. A flash by wire lets the bot in again.",
};

/** Fires `renew` and `revoke`. */
export class FlashKeys extends EventTarget {
  constructor() {
    super();
    this.state = el("p", { class: "flash-keys__state", role: "status" });
    this.renew = el("button", { class: "button", type: "button" }, icon("key"), "New key");
    this.revoke = el("button", { class: "button button--danger", type: "button" }, icon("cross"), "Revoke");
    this.element = el(
      "div", { class: "form" }, this.state,
      el("div", { class: "flash-keys__actions" }, this.renew, this.revoke),
      el("p", { class: "hint" }, "Revoke when a bot or one of its files is lost or stolen. New key when you doubt the old one but have the bot at hand."),
    );
    this.renew.addEventListener("click", () => this.dispatchEvent(new Event("renew")));
    this.revoke.addEventListener("click", () => this.dispatchEvent(new Event("revoke")));
  }

  /** @param {{credential: string}} device */
  set({ credential }) {
    setText(this.state, WORDS[credential] ?? "");
    this.state.dataset.tone = credential === "revoked" ? "bad" : "";
    this.revoke.disabled = credential === "revoked";
  }
}
