/** Earlier revisions of a sketch, each next to the current state; one can be restored. */

import { el, fill, freshId, setText } from "../../core/dom.js";
import { differingFiles } from "./drafts.js";
import { openDialog } from "../ui/dialog.js";
import { DiffView } from "./diff-view.js";
import { RevisionList } from "./revision-list.js";

/** @typedef {import("./drafts.js").Files} Files */
/** @typedef {import("./revisions.js").Revisions} Revisions */
/** @typedef {{number: number, files: Files}} Past a revision, its main file under the sketch's present name. */

/**
 * What the dialog reads.
 * @typedef {object} Source
 * @property {string} name
 * @property {Revisions} revisions
 * @property {(number: number) => Promise<Past | undefined>} read
 * @property {() => {number: number, files: Files}} present
 */

export class HistoryDialog {
  /** @param {Source} source */
  constructor(source) {
    this.source = source;
    /** @type {Past | null} */
    this.past = null;
    this.asks = 0;
    this.list = new RevisionList();
    this.diff = new DiffView(false);
    this.select = el("select", { class: "select", id: freshId("revision-file"), onchange: () => this.#showFile() });
    this.head = el("p");
    this.state = el("p", { class: "revisions__state", role: "status" });
    this.detail = el(
      "div", { class: "revisions__detail" },
      el("div", { class: "compare__pick" }, el("label", { for: this.select.id }, "File"), this.select, this.state),
      el("div", { class: "compare__heads" }, this.head, el("p", {}, "Current version, in the editor")),
      this.diff.element,
    );
    this.restoreButton = el("button", { class: "button button--accent", value: "restore", disabled: true }, "Restore");
    this.dialog = this.#frame();
  }

  /** @returns {Promise<Past | null>} the revision to bring back; null when the person only looked. */
  async ask() {
    const { revisions } = this.source;
    this.list.addEventListener("choose", (event) => void this.#choose(/** @type {CustomEvent<number>} */ (event).detail));
    this.list.addEventListener("older", () => void revisions.older());
    revisions.addEventListener("change", () => this.#drawList());
    const closed = openDialog(this.dialog);
    void this.#begin();
    const answer = await closed;
    this.diff.clear();
    return answer === "restore" ? this.past : null;
  }

  /** The sketch was saved somewhere else meanwhile. */
  async refresh() {
    await this.source.revisions.refresh();
    this.#drawList();
    if (this.list.chosen) await this.#choose(this.list.chosen);
  }

  async #begin() {
    const { revisions } = this.source;
    await revisions.refresh();
    const first = revisions.rows[1] ?? revisions.rows[0];
    if (first) {
      this.list.mark(first.number);
      await this.#choose(first.number);
    } else setText(this.list.empty, "The revisions could not be loaded. Close this and try again.");
  }

  /** @param {number} number */
  async #choose(number) {
    const ask = this.asks += 1;
    this.restoreButton.disabled = true;
    const past = await this.source.read(number);
    if (ask !== this.asks) return;
    this.past = past ?? null;
    this.#draw();
  }

  #frame() {
    const titleId = freshId("dialog-title");
    return el(
      "dialog", { class: "dialog dialog--wide", "aria-labelledby": titleId },
      el(
        "form", { method: "dialog", class: "dialog__form revisions" },
        el("h2", { id: titleId, class: "dialog__title" }, `History of ${this.source.name}`),
        el("p", { class: "dialog__text" }, "Every save is a revision; the latest 500 are kept. Restoring one creates a new revision, so nothing is lost."),
        el("div", { class: "revisions__body" }, this.list.element, this.detail),
        el("div", { class: "dialog__actions" }, el("button", { class: "button", value: "" }, "Close"), this.restoreButton),
      ),
    );
  }

  #drawList() {
    const { rows, next } = this.source.revisions;
    this.list.set(rows, { present: this.source.present().number, hasOlder: next !== null });
  }

  /** Offer the files, those that differ first, and show one: the same as before if it is there. */
  #draw() {
    const { past } = this;
    const present = this.source.present();
    const differing = past ? differingFiles(past.files, present.files) : [];
    const all = past ? [...new Set([...differing, ...Object.keys(past.files)])] : [];
    const shown = differing.includes(this.select.value) ? this.select.value : differing[0] ?? all[0];
    fill(this.select, ...all.map((path) => el("option", { value: path, selected: path === shown }, this.#optionText(path, present.files))));
    this.select.disabled = all.length === 0;
    setText(this.head, past ? `Revision ${past.number}` : "");
    setText(this.restoreButton, past ? `Restore revision ${past.number}` : "Restore");
    this.restoreButton.disabled = differing.length === 0;
    setText(this.state, this.#stateText(differing.length));
    this.#showFile();
  }

  /** @param {number} differing how many files differ. */
  #stateText(differing) {
    if (!this.past) return "This revision could not be loaded.";
    if (differing === 0) return "Same as the current version.";
    const count = differing === 1 ? "One file differs from the current version." : `${differing} files differ from the current version.`;
    return this.diff.isNarrow ? `${count} The current text is shown in red.` : count;
  }

  /**
   * @param {string} path
   * @param {Files} present
   */
  #optionText(path, present) {
    const past = this.past?.files ?? {};
    if (!(path in past)) return `${path} (only in the current version)`;
    if (!(path in present)) return `${path} (only in this revision)`;
    return past[path] === present[path] ? path : `${path} (differs)`;
  }

  #showFile() {
    const path = this.select.value;
    if (!this.past || !path) {
      this.diff.clear();
      return;
    }
    this.diff.show(
      { text: this.past.files[path] ?? "", label: `${path} in revision ${this.past.number}` },
      { text: this.source.present().files[path] ?? "", label: `${path} now` },
    );
  }
}
