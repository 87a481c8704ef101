/** The static address from which a bot (or curl) can always fetch what was last sent to it. */

import { announce, el, fill, setText } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

export class LinkBox {
  constructor() {
    this.link = el("a", { class: "link-box__link" });
    this.copy = el("button", { class: "icon-button", type: "button", title: "Copy the link", "aria-label": "Copy the link" }, icon("copy"));
    this.copy.addEventListener("click", () => void this.#copy());
    this.element = el("div", { class: "link-box" }, icon("link"), this.link, this.copy);
  }

  /** @param {string} name file name of the link. */
  set(name) {
    const url = new URL(`/${name}`, location.origin).href;
    this.link.href = url;
    setText(this.link, url);
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.link.href);
      this.#done("Link copied.");
    } catch {
      // Browsers allow the clipboard on HTTPS and localhost only: mark the text for the person's own copy.
      getSelection()?.selectAllChildren(this.link);
      this.#done("The link is selected. Press Ctrl+C to copy it.");
    }
  }

  /** @param {string} text */
  #done(text) {
    announce(text);
    this.copy.title = text;
    fill(this.copy, icon("check"));
    setTimeout(() => fill(this.copy, icon("copy")), 2000);
  }
}
