/** The source editor: one view, one state a file, so that undo and cursor stay with each file. */

import { EditorState, EditorView, Transaction, setDiagnostics } from "../../../vendor/codemirror.js";
import { el } from "../../core/dom.js";
import { editingParts, partsOfPath } from "./extensions.js";
import { styleNonce } from "./theme.js";

/** @typedef {import("../../core/events.js").Diagnostic} Diagnostic */
/** @typedef {import("./drafts.js").Files} Files */

/** Fires `change` after each edit by a person. */
export class Editor extends EventTarget {
  constructor() {
    super();
    this.element = el("div", { class: "editor" });
    /** @type {Map<string, EditorState>} */
    this.states = new Map();
    this.path = "";
    /** Whether the change under way is the page's own, not the person's. */
    this.isOwnChange = false;
    // Until the files are there, a keystroke would be lost; so none is taken.
    const waiting = EditorState.create({ extensions: [styleNonce(), EditorView.editable.of(false)] });
    this.view = new EditorView({ parent: this.element, state: waiting });
  }

  /**
   * Show these files from now on. A file that is there already keeps its cursor and its undo.
   * @param {Files} files
   * @param {{isUndoable?: boolean}} [options] whether the person's undo brings the texts of before back.
   */
  setFiles(files, { isUndoable = false } = {}) {
    this.#store();
    for (const path of [...this.states.keys()]) if (!(path in files)) this.states.delete(path);
    if (!this.states.has(this.path)) this.path = "";
    for (const [path, text] of Object.entries(files)) {
      if (this.states.has(path)) this.#replace(path, text, isUndoable);
      else this.#create(path, text);
    }
    if (!this.path) this.open(Object.keys(files)[0]);
  }

  /** @returns {Files} the files as they are now. */
  files() {
    this.#store();
    return Object.fromEntries([...this.states].map(([path, state]) => [path, state.doc.toString()]));
  }

  /** @param {string} path */
  open(path) {
    const state = this.states.get(path);
    if (!state || path === this.path) return;
    this.#store();
    this.path = path;
    this.view.setState(state);
  }

  /** @param {string} path */
  add(path) {
    this.#create(path, "");
    this.open(path);
  }

  /**
   * Give a file another name; its cursor and its undo stay.
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    this.#store();
    const state = this.states.get(from);
    if (!state) return;
    this.states.delete(from);
    this.states.set(to, state);
    if (this.path === from) this.path = to;
    this.#update(to, { effects: partsOfPath(to) });
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
      this.#update(path, setDiagnostics(state, own.map((item) => placed(state, item))));
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
  #create(path, text) {
    const notify = EditorView.updateListener.of((update) => {
      if (update.docChanged && !this.isOwnChange) this.dispatchEvent(new Event("change"));
    });
    this.states.set(path, EditorState.create({ doc: text, extensions: [editingParts(path), notify] }));
  }

  /**
   * Change only what differs, so that cursor and scroll place stay where the text is the same.
   * @param {string} path
   * @param {string} text
   * @param {boolean} isUndoable
   */
  #replace(path, text, isUndoable) {
    const before = this.states.get(path)?.doc.toString() ?? "";
    // The editor knows one kind of line end.
    const after = text.replace(/\r\n?/g, "\n");
    if (before === after) return;
    this.#update(path, {
      changes: difference(before, after),
      annotations: [Transaction.addToHistory.of(isUndoable), Transaction.userEvent.of("replace")],
    });
  }

  /**
   * @param {string} path
   * @param {import("@codemirror/state").TransactionSpec} spec
   */
  #update(path, spec) {
    const state = this.states.get(path);
    if (path === this.path) {
      this.isOwnChange = true;
      this.view.dispatch(spec);
      this.isOwnChange = false;
    } else if (state) this.states.set(path, state.update(spec).state);
  }
}

/**
 * The one stretch that must be replaced to make one text of another.
 * @param {string} before
 * @param {string} after
 */
function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let same = 0;
  while (same < most - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
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
