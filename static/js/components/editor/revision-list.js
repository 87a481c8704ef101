/** The saved states of a sketch as a list to choose from: arrow keys move, and moving chooses. */

import { el, fill, freshId, show } from "../../core/dom.js";
import { bytesText, timeText } from "../../core/format.js";
import { changeText } from "./revisions.js";

/** @typedef {import("../../core/events.js").ListedRevision} ListedRevision */

const PAGE_STEP = 8;

/** Fires `choose` (detail: number) and `older` when the ones before are wanted. */
export class RevisionList extends EventTarget {
  constructor() {
    super();
    this.id = freshId("revision");
    this.chosen = 0;
    /** @type {ListedRevision[]} */
    this.rows = [];
    this.list = el("ul", {
      class: "revisions__list", role: "listbox", tabindex: 0, autofocus: true, "aria-label": "Revisions, newest first",
    });
    this.list.addEventListener("keydown", (event) => this.#key(event));
    const older = () => this.dispatchEvent(new Event("older"));
    this.olderButton = el("button", { class: "button button--small", type: "button", hidden: true, onclick: older }, "Show older ones");
    this.empty = el("p", { class: "empty", role: "status" });
    this.element = el("div", { class: "revisions__side" }, this.list, this.olderButton, this.empty);
  }

  /**
   * @param {ListedRevision[]} rows newest first.
   * @param {{present: number, hasOlder: boolean}} state `present`: the revision that the sketch is at.
   */
  set(rows, { present, hasOlder }) {
    this.rows = rows;
    fill(this.list, ...rows.map((row) => this.#row(row, row.number === present)));
    show(this.list, rows.length > 0);
    // A button that goes away while it is pressed would take the focus with it.
    if (!hasOlder && document.activeElement === this.olderButton) this.list.focus();
    show(this.olderButton, hasOlder);
    this.mark(this.chosen);
  }

  /** @param {number} number the revision that is looked at. */
  mark(number) {
    this.chosen = number;
    this.list.setAttribute("aria-activedescendant", `${this.id}-${number}`);
    for (const option of this.list.children) {
      const selected = option.id === `${this.id}-${number}`;
      option.setAttribute("aria-selected", String(selected));
      if (selected) option.scrollIntoView({ block: "nearest" });
    }
  }

  /**
   * @param {ListedRevision} revision
   * @param {boolean} isPresent
   */
  #row(revision, isPresent) {
    const { number, created_at, size_bytes } = revision;
    return el(
      "li", { class: "revision", role: "option", id: `${this.id}-${number}`, onclick: () => this.#choose(number) },
      el(
        "span", { class: "revision__head" },
        el("span", { class: "revision__number" }, `Revision ${number}`), isPresent && el("span", { class: "badge" }, "now"),
        el("span", { class: "revision__when" }, `${timeText(created_at)} · ${bytesText(size_bytes)}`),
      ),
      el("span", { class: "revision__what" }, changeText(revision)),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.rows.findIndex((row) => row.number === this.chosen);
    const last = this.rows.length - 1;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last, PageUp: Math.max(at - PAGE_STEP, 0), PageDown: Math.min(at + PAGE_STEP, last),
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    const target = targets[event.key];
    if (at === last && target >= last) this.dispatchEvent(new Event("older"));
    if (this.rows[target] && target !== at) this.#choose(this.rows[target].number);
  }

  /** @param {number} number */
  #choose(number) {
    this.mark(number);
    this.dispatchEvent(new CustomEvent("choose", { detail: number }));
  }
}
