/** My sketches as cards. */

import { el, fill } from "../../core/dom.js";
import { agoText } from "../../core/format.js";
import { icon } from "../../core/icons.js";

/** @typedef {import("../../core/events.js").Sketch} Sketch */

/** Fires `remove` (detail: the sketch). */
export class SketchList extends EventTarget {
  constructor() {
    super();
    this.element = el("div", { class: "sketch-list" });
  }

  /**
   * @param {Sketch[]} sketches in order.
   * @param {(fqbn: string) => string} boardName
   */
  set(sketches, boardName) {
    if (sketches.length === 0) {
      fill(this.element, emptyState());
      return;
    }
    fill(this.element, el("ul", { class: "cards" }, ...sketches.map((sketch) => this.#card(sketch, boardName(sketch.fqbn)))));
  }

  /**
   * @param {Sketch} sketch
   * @param {string} board
   */
  #card(sketch, board) {
    const id = encodeURIComponent(sketch.id);
    const remove = () => this.dispatchEvent(new CustomEvent("remove", { detail: sketch }));
    return el(
      "li", { class: "card card--link" },
      el("h3", { class: "card__title" }, el("a", { class: "card__link", href: `/sketches/${id}` }, sketch.name)),
      el("p", { class: "card__text" }, board),
      el("p", { class: "card__meta" }, `Changed ${agoText(sketch.updated_at)} · revision ${sketch.revision}`),
      el(
        "div", { class: "card__tools" },
        el("a", { class: "icon-button", href: `/api/v1/sketches/${id}/download`, download: true, "aria-label": `Download ${sketch.name} as .zip`, title: "Download as .zip" }, icon("download")),
        el("button", { class: "icon-button", type: "button", "aria-label": `Delete ${sketch.name}`, title: "Delete", onclick: remove }, icon("trash")),
      ),
    );
  }
}

function emptyState() {
  return el(
    "div", { class: "empty-state" },
    el("h3", { class: "empty-state__title" }, "No sketches yet"),
    el("p", {}, "Start from an example below (Blink is a good first one), create an empty sketch, or drop an .ino or .zip file anywhere on this page."),
  );
}
