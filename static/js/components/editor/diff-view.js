/** Two texts of one file: side by side, or on a phone one within the other. */

import { EditorView, MergeView, unifiedMergeView } from "../../../vendor/codemirror.js";
import { el, fill } from "../../core/dom.js";
import { comparingParts } from "./extensions.js";

/** @typedef {{text: string, label: string}} Side */

const UNCHANGED = { margin: 3, minSize: 6 };

export class DiffView {
  /** @param {boolean} isEditable whether the left text can be edited, and take over places of the right one. */
  constructor(isEditable) {
    this.isEditable = isEditable;
    this.isNarrow = matchMedia("(max-width: 48rem)").matches;
    this.element = el("div", { class: "compare__view" });
    /** @type {MergeView | EditorView | null} */
    this.view = null;
  }

  /**
   * @param {Side} left
   * @param {Side} right
   */
  show(left, right) {
    this.clear();
    this.view = this.isNarrow ? this.#oneColumn(left, right) : this.#twoColumns(left, right);
  }

  /** The left text as it is now; null when nothing is shown. */
  get text() {
    if (!this.view) return null;
    return (this.view instanceof EditorView ? this.view : this.view.a).state.doc.toString();
  }

  clear() {
    this.view?.destroy();
    this.view = null;
    fill(this.element);
  }

  /**
   * @param {Side} left
   * @param {Side} right
   */
  #twoColumns(left, right) {
    return new MergeView({
      parent: this.element,
      a: { doc: left.text, extensions: comparingParts(left.label, this.isEditable) },
      b: { doc: right.text, extensions: comparingParts(right.label, false) },
      revertControls: this.isEditable ? "b-to-a" : undefined,
      renderRevertControl: () => takeButton("Use this change from the right", { class: "compare__take" }),
      collapseUnchanged: unchanged(left, right),
    });
  }

  /**
   * @param {Side} left
   * @param {Side} right
   */
  #oneColumn(left, right) {
    const merge = unifiedMergeView({
      original: right.text,
      mergeControls: this.isEditable && ((type, action) => (type === "reject" ? takeThere(action) : el("span"))),
      collapseUnchanged: unchanged(left, right),
    });
    return new EditorView({ parent: this.element, doc: left.text, extensions: [comparingParts(left.label, this.isEditable), merge] });
  }
}

/**
 * Long stretches that are the same are folded, unless there is nothing else to see.
 * @param {Side} left
 * @param {Side} right
 */
function unchanged(left, right) {
  return left.text === right.text ? undefined : UNCHANGED;
}

/** @param {(event: MouseEvent) => void} action */
function takeThere(action) {
  return takeButton("Use theirs here", { onmousedown: action, onclick: action });
}

/**
 * @param {string} label
 * @param {import("../../core/dom.js").Props} props
 */
function takeButton(label, props) {
  return el("button", { type: "button", title: label, "aria-label": label, ...props }, "←");
}
