/** Sketches to begin with. */

import { el, fill } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

/** @typedef {import("../../core/events.js").Example} Example */

/** Fires `choose` (detail: the example). */
export class ExampleGallery extends EventTarget {
  constructor() {
    super();
    this.element = el("div", { class: "gallery" });
  }

  /** @param {Example[]} examples */
  set(examples) {
    fill(this.element, el("ul", { class: "cards" }, ...examples.map((example) => this.#card(example))));
  }

  /** @param {Example} example */
  #card(example) {
    const choose = () => this.dispatchEvent(new CustomEvent("choose", { detail: example }));
    return el(
      "li", { class: "card card--quiet" },
      el("h3", { class: "card__title" }, example.title),
      el("p", { class: "card__text" }, example.summary),
      el(
        "div", { class: "card__foot" },
        el(
          "button", { class: "button button--small", type: "button", onclick: choose },
          icon("add"), el("span", {}, "Use this", el("span", { class: "visually-hidden" }, `: ${example.title}`)),
        ),
      ),
    );
  }
}
