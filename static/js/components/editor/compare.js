/** Two states of a sketch side by side. Nothing is thrown away unless the person says so. */

import { el, freshId } from "../../core/dom.js";
import { differingFiles } from "./drafts.js";
import { openDialog } from "../ui/dialog.js";
import { DiffView } from "./diff-view.js";

/** @typedef {import("./drafts.js").Files} Files */
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
    this.diff = new DiffView(true);
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
    this.diff.clear();
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
        el("h2", { id: titleId, class: "dialog__title" }, "This sketch was changed elsewhere"),
        el("p", { class: "dialog__text" }, this.#hint()),
        el("div", { class: "compare__pick" }, el("label", { for: this.select.id }, "File"), this.select),
        el("div", { class: "compare__heads" }, el("p", {}, "Yours, in this browser"), el("p", {}, this.theirsLabel)),
        this.diff.element,
        el(
          "div", { class: "dialog__actions" },
          answer("", "Decide later"), answer("theirs", "Use theirs"), answer("copy", "Save mine as a copy"), answer("mine", "Keep mine", "button--accent"),
        ),
      ),
    );
  }

  /** @param {string} path */
  #show(path) {
    this.#keep();
    this.path = path;
    this.diff.show(
      { text: this.mine[path] ?? "", label: `Your ${path}` }, { text: this.theirs[path] ?? "", label: `Their ${path}` },
    );
  }

  #hint() {
    return this.diff.isNarrow
      ? "This is your text; you can edit it. The other version is shown above it in red; use the arrows to apply it."
      : "Your text is on the left; you can edit it. Use the arrows to apply single changes from the right.";
  }

  /** Keep what was typed on the left. A file that neither side has stays away. */
  #keep() {
    const { text } = this.diff;
    if (text === null) return;
    if (text !== "" || this.path in this.mine) this.mine[this.path] = text;
  }
}
