/** A discreet word on the live connection: nothing while all is well. */

import { el, setText } from "../../core/dom.js";

export class ConnectionState {
  constructor() {
    this.text = el("span", { class: "connection__text" });
    this.element = el(
      "p",
      { class: "connection", role: "status", hidden: true },
      el("span", { class: "connection__dot", "aria-hidden": "true" }),
      this.text,
    );
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {string} state of `Live`. */
  set(state) {
    clearTimeout(this.timer);
    if (state === "online") {
      this.element.hidden = true;
      setText(this.text, "");
      return;
    }
    // A blink of the network is not worth a word.
    this.timer = setTimeout(() => {
      setText(this.text, "Reconnecting…");
      this.element.hidden = false;
    }, 1200);
  }
}
