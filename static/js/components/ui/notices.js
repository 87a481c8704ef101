/** Short messages at the edge of the page. Errors stay until they are closed. */

import { el } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

const STAYS_MS = 6000;

export class Notices {
  constructor() {
    this.element = el("div", { class: "notices" });
  }

  /** @param {string} text */
  say(text) {
    const notice = this.#add(text, "status", "notice");
    setTimeout(() => notice.remove(), STAYS_MS);
  }

  /** @param {string} text */
  warn(text) {
    this.#add(text, "alert", "notice notice--bad");
  }

  /**
   * @param {string} text
   * @param {string} role
   * @param {string} className
   */
  #add(text, role, className) {
    for (const old of [...this.element.children]) if (old.firstChild?.textContent === text) old.remove();
    const close = el("button", { class: "icon-button", type: "button", "aria-label": "Close message" }, icon("close"));
    const notice = el("div", { class: className, role }, el("p", { class: "notice__text" }, text), close);
    close.addEventListener("click", () => notice.remove());
    this.element.append(notice);
    return notice;
  }
}
