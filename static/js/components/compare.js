/** Two states of a sketch side by side. Nothing is thrown away unless the person says so. */

import { EditorView, MergeView, unifiedMergeView } from "../../vendor/codemirror.js";
import { el, fill, freshId } from "../core/dom.js";
import { differingFiles } from "../core/drafts.js";
import { openDialog } from "./dialog.js";
import { comparingParts } from "./editor-parts.js";

/** @typedef {import("../core/drafts.js").Files} Files */
/** @typedef {{choice: "mine" | "theirs" | "copy" | "", mine: Files}} Answer */

/** A dialog that ends with a choice; "mine" may have been edited in it. */
export class Compare {
  /**
   * @param {Files} mine
   * @param {Files} theirs
   * @param {string} theirsLabel for example `Revision 12, saved 12:03`.
   */
  constructor(mine, theirs, theirsLabel) {
    this.mine = { ...mine };
    this.theirs = theirs;
    this.theirsLabel = theirsLabel;
    this.path = "";
    /** @type {MergeView | EditorView | null} */
    this.view = null;
    this.isNarrow = matchMedia("(max-width: 48rem)").matches;
    this.place = el("div", { class: "compare__view" });
    this.select = el("select", { class: "select", id: freshId("compare-file") });
    this.select.append(...differingFiles(mine, theirs).map((path) => el("option", { value: path }, path)));
    this.select.addEventListener("change", () => this.#show(this.select.value));
    this.dialog = this.#frame();
  }

  /** @returns {Promise<Answer>} */
  async ask() {
    const closed = openDialog(this.dialog);
    this.#show(this.select.value);
    const choice = /** @type {Answer["choice"]} */ (await closed);
    this.#keep();
    this.view?.destroy();
    return { choice, mine: this.mine };
  }

  #frame() {
    const titleId = freshId("dialog-title");
    const answer = (/** @type {string} */ value, /** @type {string} */ text, extra = "") =>
      el("button", { class: `button ${extra}`, value }, text);
    return el(
      "dialog", { class: "dialog dialog--wide", "aria-labelledby": titleId },
      el(
        "form", { method: "dialog", class: "dialog__form compare" },
        el("h2", { id: titleId, class: "dialog__title" }, "This sketch was changed somewhere else"),
        el("p", { class: "dialog__text" }, this.#hint()),
        el("div", { class: "compare__pick" }, el("label", { for: this.select.id }, "File"), this.select),
        el("div", { class: "compare__heads" }, el("p", {}, "Yours, in this browser"), el("p", {}, this.theirsLabel)),
        this.place,
        el(
          "div", { class: "dialog__actions" },
          answer("", "Decide later"), answer("theirs", "Take theirs"), answer("copy", "Save mine as a copy"), answer("mine", "Keep mine", "button--accent"),
        ),
      ),
    );
  }

  /** @param {string} path */
  #show(path) {
    this.#keep();
    this.path = path;
    this.view?.destroy();
    fill(this.place);
    this.view = this.isNarrow ? this.#oneColumn(path) : this.#twoColumns(path);
  }

  #hint() {
    return this.isNarrow
      ? "This is your text, and can be edited. What the other one has instead stands above it in red; the arrows take it over."
      : "Your text is on the left and can be edited; the arrows take over single places from the right.";
  }

  /** @param {string} path */
  #twoColumns(path) {
    const label = "Take this place from the right";
    return new MergeView({
      parent: this.place,
      a: { doc: this.mine[path] ?? "", extensions: comparingParts(`Your ${path}`, true) },
      b: { doc: this.theirs[path] ?? "", extensions: comparingParts(`Their ${path}`, false) },
      revertControls: "b-to-a",
      renderRevertControl: () => el("button", { type: "button", class: "compare__take", title: label, "aria-label": label }, "←"),
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
  }

  /** @param {string} path */
  #oneColumn(path) {
    const merge = unifiedMergeView({
      original: this.theirs[path] ?? "",
      mergeControls: (type, action) => (type === "reject" ? takeButton(action) : el("span")),
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return new EditorView({ parent: this.place, doc: this.mine[path] ?? "", extensions: [comparingParts(`Your ${path}`, true), merge] });
  }

  /** Keep what was typed on the left. A file that neither side has stays away. */
  #keep() {
    if (!this.view || !this.path) return;
    const view = this.view instanceof EditorView ? this.view : this.view.a;
    const text = view.state.doc.toString();
    if (text !== "" || this.path in this.mine) this.mine[this.path] = text;
  }
}

/** @param {(event: MouseEvent) => void} action */
function takeButton(action) {
  const label = "Take theirs here";
  return el("button", { type: "button", title: label, "aria-label": label, onmousedown: action, onclick: action }, "←");
}
