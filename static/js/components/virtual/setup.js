/** What stands in the place of a virtual bot that cannot run yet, and the one thing to do about it. */

import { el, fill, setText, show } from "../../core/dom.js";

/** Fires `act`. */
export class VirtualSetup extends EventTarget {
  constructor() {
    super();
    this.title = el("h2", { class: "empty-state__title" });
    this.text = el("p", {});
    this.button = el("button", { class: "button button--accent", type: "button", onclick: () => this.dispatchEvent(new Event("act")) });
    this.more = el("p", { class: "hint" });
    this.element = el("div", { class: "empty-state vsetup", role: "status", hidden: true }, this.title, this.text, el("div", { class: "vsetup__act" }, this.button), this.more);
  }

  /**
   * @param {{title: string, text: string, action?: string, more?: (Node | string)[]}} state `action`: what the button does; none without.
   */
  set({ title, text, action = "", more = [] }) {
    setText(this.title, title);
    setText(this.text, text);
    setText(this.button, action);
    show(this.button, Boolean(action));
    this.button.disabled = false;
    show(this.element, true);
    fill(this.more, ...more);
  }

  /** @param {string} text what is being done. */
  setBusy(text) {
    this.button.disabled = true;
    setText(this.button, text);
  }
}
