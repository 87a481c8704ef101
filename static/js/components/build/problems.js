/** The messages of the compiler and the linker; each leads to its line. */

import { el, fill } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

/** @typedef {import("../../core/events.js").Diagnostic} Diagnostic */

/** Fires `open` (detail: the diagnostic). */
export class Problems extends EventTarget {
  constructor() {
    super();
    this.element = el("div", { class: "problems" });
    this.set([], false);
  }

  /**
   * @param {Diagnostic[]} diagnostics
   * @param {boolean} isBuilt whether there is a finished build to speak of.
   */
  set(diagnostics, isBuilt) {
    if (diagnostics.length === 0) {
      fill(this.element, el("p", { class: "empty" }, isBuilt ? "No problems found." : "No problems yet. Press Compile to check."));
      return;
    }
    fill(this.element, el("ul", { class: "problems__list" }, ...diagnostics.map((item) => this.#row(item))));
  }

  /** @param {Diagnostic} item */
  #row(item) {
    const place = item.file ? `${item.file}${item.line ? `:${item.line}` : ""}${item.column ? `:${item.column}` : ""}` : "linker or library";
    const words = [
      el("span", { class: `problem__mark problem__mark--${item.severity}` }, icon(item.severity === "error" ? "cross" : "warning"),
        el("span", { class: "visually-hidden" }, `${item.severity}: `)),
      el("span", { class: "problem__text" }, item.message),
      el("span", { class: "problem__place" }, place),
    ];
    if (!item.file || !item.line) return el("li", {}, el("div", { class: "problem" }, ...words));
    const open = () => this.dispatchEvent(new CustomEvent("open", { detail: item }));
    return el("li", {}, el("button", { class: "problem problem--link", type: "button", onclick: open }, ...words));
  }
}
