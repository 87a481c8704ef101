/** The sketch page's sources: load, edit, save, and settle two states into one. */

import { Compare } from "./compare.js";
import { promptDialog } from "../ui/dialog.js";
import { Editor } from "./editor.js";
import { FileTabs } from "./file-tabs.js";
import { SaveState } from "./save-state.js";
import { Autosave } from "./autosave.js";
import { Drafts, reconcile, sameFiles } from "./drafts.js";
import { timeText } from "../../core/format.js";
import { inTabOrder, sketchNameError } from "./name-rules.js";
import { bindFileTools } from "./file-actions.js";
import { isSameText, saveCopy } from "./conflicts.js";

/** @typedef {import("../../core/events.js").Sketch} Sketch */
/** @typedef {import("../../core/events.js").SketchWithFiles} SketchWithFiles */
/** @typedef {import("../../core/events.js").Diagnostic} Diagnostic */
/** @typedef {import("./drafts.js").Files} Files */

/** Fires `sketch` when the sketch's name, board or revision changed, and `state` with the autosave. */
export class SketchDocument extends EventTarget {
  /**
   * @param {import("../ui/shell.js").Shell} shell
   * @param {string} sketchId
   * @param {string} panelId id of the editor's place.
   */
  constructor(shell, sketchId, panelId) {
    super();
    this.shell = shell;
    this.path = `/sketches/${encodeURIComponent(sketchId)}`;
    /** @type {Sketch | undefined} */
    this.sketch = undefined;
    this.editor = new Editor();
    this.tabs = new FileTabs(panelId);
    this.saveState = new SaveState();
    this.drafts = new Drafts(localStorage, sketchId, tabId());
    this.autosave = this.#autosave();
    /** @type {Map<string, number>} */
    this.errors = new Map();
    this.#listen();
  }

  get mainFile() {
    return `${this.sketch?.name ?? ""}.ino`;
  }

  /** Load the sketch for the first time, with what this browser kept of it. */
  async open() {
    const saved = await this.shell.attempt(this.#fetch());
    if (!saved) return false;
    this.sketch = saved;
    const found = this.drafts.find();
    const decision = reconcile(found?.draft ?? null, saved);
    if (!found || decision === "none") {
      if (found) this.drafts.forget(found.key);
      this.#show(saved);
    } else if (decision === "restore") this.#restore(saved, found);
    else this.#openConflict(found);
    return true;
  }

  /** Look for a newer revision, after an event or a lost connection. */
  async sync() {
    const saved = await this.shell.attempt(this.#fetch());
    if (saved) await this.#reconcile(saved);
  }

  /** @param {Sketch} changed a state saved by anyone, perhaps this page. */
  async applyEvent(changed) {
    if (changed.id !== this.sketch?.id) return;
    await this.autosave.running;
    if (changed.revision > this.autosave.baseRevision) await this.sync();
    // Events of two changes of the board may overtake each other.
    else if (changed.revision === this.autosave.baseRevision && changed.updated_at >= this.sketch.updated_at) this.#setSketch(changed);
  }

  async rename() {
    const { sketch } = this;
    if (!sketch) return;
    const name = await promptDialog({
      title: "Rename sketch", label: "Name", value: sketch.name, yes: "Rename", validate: sketchNameError,
    });
    if (!name || name === sketch.name || !(await this.autosave.flush())) return;
    const renamed = await this.shell.attempt(this.shell.api.send("PATCH", this.path, { json: { name } }));
    if (!renamed) return;
    const saved = await this.shell.attempt(this.#fetch());
    if (saved) this.#show(saved);
  }

  /** @param {string} fqbn */
  async setBoard(fqbn) {
    const sketch = await this.shell.attempt(this.shell.api.send("PATCH", this.path, { json: { fqbn }, replaces: "board" }));
    if (sketch) this.#setSketch(sketch);
    else this.dispatchEvent(new Event("sketch"));
  }

  /**
   * Put an earlier state in the place of the present one, as a new revision.
   * @param {Files} files
   * @param {number} number of the revision they are from.
   */
  async restore(files, number) {
    const { autosave, sketch, shell: { notices } } = this;
    if (!sketch || !(await autosave.flush())) {
      notices.warn(`Not restored, because your latest changes are not saved. ${autosave.message}`);
      return;
    }
    this.editor.setFiles(inOrder({ ...sketch, files }), { isUndoable: true });
    this.filesChanged();
    if (await autosave.flush()) notices.say(`Restored revision ${number} as revision ${autosave.baseRevision}. The previous one stays in the history.`);
  }

  /** @param {Diagnostic[]} diagnostics */
  mark(diagnostics) {
    this.editor.mark(diagnostics);
    this.errors = new Map();
    for (const { file, severity } of diagnostics) {
      if (file && severity === "error") this.errors.set(file, (this.errors.get(file) ?? 0) + 1);
    }
    this.#drawTabs();
  }

  /** @param {Diagnostic} item */
  reveal(item) {
    if (!this.editor.states.has(item.file)) return;
    this.editor.reveal(item.file, item.line, item.column);
    this.#drawTabs();
  }

  async compare() {
    const theirs = await this.shell.attempt(this.#fetch());
    if (!theirs) return;
    const mine = this.editor.files();
    if (sameFiles(mine, theirs.files)) {
      this.#show(theirs);
      return;
    }
    const label = `Revision ${theirs.revision}, saved ${timeText(theirs.updated_at)}`;
    const answer = await new Compare(mine, theirs.files, label).ask();
    await this.#settle(answer, theirs);
  }

  /**
   * @param {import("./compare.js").Answer} answer
   * @param {SketchWithFiles} theirs
   */
  async #settle({ choice, mine }, theirs) {
    if (choice === "theirs") this.#show(theirs);
    else if (choice === "copy" && (await saveCopy(this.shell, mine, theirs))) this.#show(theirs);
    else if (choice === "mine") {
      this.editor.setFiles(mine, { isUndoable: true });
      await this.autosave.resolve(theirs.revision);
      this.#drawTabs();
    }
  }

  /** @returns {Promise<SketchWithFiles>} */
  #fetch() {
    return this.shell.api.get(this.path);
  }

  /** @param {SketchWithFiles} saved */
  async #reconcile(saved) {
    await this.autosave.running;
    const { baseRevision, isDirty } = this.autosave;
    if (saved.revision <= baseRevision) {
      if (saved.revision === baseRevision) this.#setSketch(saved);
      if (isDirty && this.autosave.state !== "conflict") await this.autosave.flush();
    } else if (!isDirty) {
      const isRenamed = saved.name !== this.sketch?.name;
      this.#show(saved);
      this.shell.notices.say(isRenamed ? `This sketch was renamed to ${saved.name}.` : "This sketch was changed elsewhere; this is the latest revision.");
    } else if (await isSameText(this.shell.api, this.path, baseRevision, saved)) await this.#carryOver(saved);
    else {
      if (this.sketch) this.#setSketch({ ...this.sketch, fqbn: saved.fqbn });
      this.autosave.conflict();
    }
  }

  /**
   * What is typed here goes on top of a revision that says the same as the one it began from.
   * @param {SketchWithFiles} saved
   */
  async #carryOver(saved) {
    this.#renameMain(saved.name);
    this.#setSketch(saved);
    this.#drawTabs();
    await this.autosave.resolve(saved.revision);
  }

  /** @param {string} name of the sketch from now on; the main file goes along, with its cursor. */
  #renameMain(name) {
    const { editor, mainFile } = this;
    const renamed = `${name}.ino`;
    if (editor.states.has(mainFile) && !editor.states.has(renamed)) editor.rename(mainFile, renamed);
  }

  /** @param {SketchWithFiles} saved */
  #show(saved) {
    this.#renameMain(saved.name);
    this.#setSketch(saved);
    this.editor.setFiles(inOrder(saved));
    this.autosave.begin(saved.revision, Date.parse(saved.updated_at));
    this.#drawTabs();
  }

  /**
   * @param {SketchWithFiles} saved
   * @param {{key: string, draft: import("./drafts.js").Draft}} found
   */
  #restore(saved, { key, draft }) {
    this.#setSketch(saved);
    this.editor.setFiles(draft.files);
    this.autosave.begin(saved.revision, Date.parse(saved.updated_at));
    this.autosave.changed();
    this.autosave.addEventListener("saved", () => this.drafts.forget(key), { once: true });
    this.shell.notices.say(`Restored your changes from ${timeText(draft.keptAt)}, which were kept in this browser.`);
    this.#drawTabs();
  }

  /** @param {{key: string, draft: import("./drafts.js").Draft}} found */
  #openConflict({ key, draft }) {
    this.editor.setFiles(draft.files);
    this.autosave.baseRevision = draft.baseRevision;
    this.autosave.keepDraft();
    this.autosave.conflict();
    if (key !== this.drafts.key) this.drafts.forget(key);
    this.#drawTabs();
    this.dispatchEvent(new Event("sketch"));
    void this.compare();
  }

  /** @param {Sketch} sketch */
  #setSketch(sketch) {
    const { id, name, fqbn, revision, created_at, updated_at } = sketch;
    this.sketch = { id, name, fqbn, revision, created_at, updated_at };
    this.dispatchEvent(new Event("sketch"));
  }

  #autosave() {
    return new Autosave({
      save: (baseRevision, files) => this.shell.api.put(`${this.path}/files`, { base_revision: baseRevision, files }),
      drafts: this.drafts,
      read: () => this.editor.files(),
      now: () => Date.now(),
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (timer) => clearTimeout(timer),
    });
  }

  #listen() {
    const { autosave, editor, tabs } = this;
    autosave.addEventListener("state", () => {
      this.saveState.set(autosave);
      this.dispatchEvent(new Event("state"));
    });
    autosave.addEventListener("saved", (event) => this.#setSketch(/** @type {CustomEvent<Sketch>} */ (event).detail));
    this.saveState.addEventListener("compare", () => void this.compare());
    editor.addEventListener("change", () => autosave.changed());
    tabs.addEventListener("choose", (event) => this.#open(detailOf(event)));
    bindFileTools(this);
    addEventListener("online", () => void autosave.flush());
    addEventListener("pagehide", () => autosave.isDirty && autosave.keepDraft());
  }

  /** @param {string} path */
  #open(path) {
    this.editor.open(path);
    this.#drawTabs();
  }

  /** A file came, went or got another name. */
  filesChanged() {
    this.autosave.changed();
    this.#drawTabs();
  }

  #drawTabs() {
    const paths = inTabOrder(this.editor.states.keys(), this.mainFile);
    this.tabs.set(paths, { current: this.editor.path, main: this.mainFile, errors: this.errors });
  }
}

/** @param {Event} event */
const detailOf = (event) => /** @type {CustomEvent<string>} */ (event).detail;

/** @param {SketchWithFiles} saved */
function inOrder({ name, files }) {
  return Object.fromEntries(inTabOrder(Object.keys(files), `${name}.ino`).map((path) => [path, files[path]]));
}

/** An id that is this tab's own and survives a reload. */
function tabId() {
  const key = "airsketch:tab";
  const id = sessionStorage.getItem(key) ?? Math.random().toString(36).slice(2);
  sessionStorage.setItem(key, id);
  return id;
}
