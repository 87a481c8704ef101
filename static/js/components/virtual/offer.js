/** The offer of a bot that lives on the screen. */

import { el } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

/** Fires `make`. */
export class VirtualOffer extends EventTarget {
  constructor() {
    super();
    this.button = el("button", { class: "button button--accent", type: "button", onclick: () => this.dispatchEvent(new Event("make")) }, icon("bot"), "Create virtual bot");
    this.element = el("div", { class: "voffer" }, this.button, el("p", { class: "hint" }, "One click. It belongs to your account and is stored in this browser. ", el("a", { href: "/virtual-bots" }, "View all")));
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.button.disabled = isBusy;
  }
}
