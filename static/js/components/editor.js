/** The source editor: one view, one state a file, so that undo and cursor stay with each file. */

import { EditorState, EditorView, setDiagnostics } from "../../vendor/codemirror.js";
import { el } from "../core/dom.js";
import { editingParts } from "./editor-parts.js";
import { styleNonce } from "./editor-theme.js";

/** @typedef {import("../core/events.js").Diagnostic} Diagnostic */
/** @typedef {import("../core/drafts.js").Files} Files */

/** Fires `change` after each edit by a person. */
export class Editor extends EventTarget {
  constructor() {
    super();
    this.element = el("div", { class: "editor" });
    /** @type {Map<string, EditorState>} */
    this.states = new Map();
    this.path = "";
    // Until the files are there, a keystroke would be lost; so none is taken.
    const waiting = EditorState.create({ extensions: [styleNonce(), EditorView.editable.of(false)] });
    this.view = new EditorView({ parent: this.element, state: waiting });
  }

  /**
   * Show these files from now on; a file that stays the same keeps its cursor and its undo.
   * @param {Files} files
   */
  setFiles(files) {
    this.#store();
    for (const path of [...this.states.keys()]) if (!(path in files)) this.states.delete(path);
    for (const [path, text] of Object.entries(files)) this.#take(path, text);
    this.open(this.states.has(this.path) ? this.path : Object.keys(files)[0]);
  }

  /** @returns {Files} the files as they are now. */
  files() {
    this.#store();
    return Object.fromEntries([...this.states].map(([path, state]) => [path, state.doc.toString()]));
  }

  /** @param {string} path */
  open(path) {
    const state = this.states.get(path);
    if (!state || path === this.path && this.view.state === state) return;
    this.#store();
    this.path = path;
    this.view.setState(this.states.get(path) ?? state);
  }

  /** @param {string} path */
  add(path) {
    this.#take(path, "");
    this.open(path);
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    const text = this.files()[from];
    this.states.delete(from);
    this.#take(to, text);
    if (this.path === from) this.path = "";
    this.open(to);
  }

  /** @param {string} path */
  remove(path) {
    this.states.delete(path);
    if (this.path !== path) return;
    this.path = "";
    this.open([...this.states.keys()][0]);
  }

  /**
   * Mark the messages of the compiler in all files.
   * @param {Diagnostic[]} diagnostics
   */
  mark(diagnostics) {
    this.#store();
    for (const [path, state] of this.states) {
      const own = diagnostics.filter((item) => item.file === path && item.line > 0);
      const spec = setDiagnostics(state, own.map((item) => placed(state, item)));
      if (path === this.path) this.view.dispatch(spec);
      else this.states.set(path, state.update(spec).state);
    }
  }

  /**
   * Go to a place.
   * @param {string} path
   * @param {number} line 1-based.
   * @param {number} column 1-based; 0 for the start of the line.
   */
  reveal(path, line, column) {
    this.open(path);
    const doc = this.view.state.doc;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const position = Math.min(at.from + Math.max(column - 1, 0), at.to);
    this.view.dispatch({ selection: { anchor: position }, effects: EditorView.scrollIntoView(position, { y: "center" }) });
    this.view.focus();
  }

  focus() {
    this.view.focus();
  }

  #store() {
    if (this.states.has(this.path)) this.states.set(this.path, this.view.state);
  }

  /**
   * @param {string} path
   * @param {string} text
   */
  #take(path, text) {
    const known = this.states.get(path);
    if (known?.doc.toString() === text) return;
    const notify = EditorView.updateListener.of((update) => {
      if (update.docChanged) this.dispatchEvent(new Event("change"));
    });
    const state = EditorState.create({ doc: text, extensions: [editingParts(path), notify] });
    this.states.set(path, state);
    if (path === this.path) this.view.setState(state);
  }
}

/**
 * @param {EditorState} state
 * @param {Diagnostic} item
 */
function placed(state, item) {
  const line = state.doc.line(Math.min(item.line, state.doc.lines));
  const from = Math.min(line.from + Math.max(item.column - 1, 0), line.to);
  const word = state.wordAt(from);
  const to = word && word.from <= from ? word.to : Math.min(from + 1, line.to);
  const severity = item.severity === "error" ? "error" : item.severity === "warning" ? "warning" : "info";
  return { from, to, severity: /** @type {"error" | "warning" | "info"} */ (severity), message: item.message };
}
