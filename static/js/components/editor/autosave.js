/** Saves a sketch a moment after the last change, and never loses one. */

import { ApiError } from "../../core/errors.js";

/** @typedef {import("./drafts.js").Files} Files */
/** @typedef {import("../../core/events.js").Sketch} Sketch */
/** @typedef {"saved" | "dirty" | "saving" | "offline" | "conflict" | "refused"} SaveState */

const SAVE_AFTER_MS = 900;
const RETRY_AFTER_MS = 4000;

/**
 * @typedef {object} Parts
 * @property {(baseRevision: number, files: Files) => Promise<Sketch>} save
 * @property {import("./drafts.js").Drafts} drafts
 * @property {() => Files} read the files as they are in the editor now.
 * @property {() => number} now milliseconds.
 * @property {(run: () => void, ms: number) => unknown} setTimeout
 * @property {(timer: any) => void} clearTimeout
 */

/** Fires `state` when its state changes and `saved` (detail: the sketch) after each save. */
export class Autosave extends EventTarget {
  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.parts = parts;
    /** @type {SaveState} */
    this.state = "saved";
    this.baseRevision = 0;
    this.savedAt = 0;
    this.message = "";
    /** Whether this browser keeps the draft. */
    this.isKept = true;
    this.changes = 0;
    /** @type {unknown} */
    this.timer = null;
    /** @type {Promise<boolean> | null} */
    this.running = null;
  }

  /** Whether the editor holds something the server does not. */
  get isDirty() {
    return this.state !== "saved";
  }

  /**
   * Begin from a revision that the server has.
   * @param {number} revision
   * @param {number} savedAt milliseconds.
   */
  begin(revision, savedAt) {
    this.#cancelTimer();
    this.baseRevision = revision;
    this.savedAt = savedAt;
    this.parts.drafts.forget();
    this.#set("saved");
  }

  /** The person changed something. */
  changed() {
    this.changes += 1;
    this.keepDraft();
    if (this.state === "conflict") return;
    if (this.state !== "saving") this.#set(this.state === "offline" ? "offline" : "dirty");
    this.#schedule(SAVE_AFTER_MS);
  }

  /** Keep the present files in this browser. */
  keepDraft() {
    const { drafts, read, now } = this.parts;
    this.isKept = drafts.keep({ baseRevision: this.baseRevision, files: read(), keptAt: now() });
  }

  /** There is a newer revision: wait for the person's choice. */
  conflict() {
    this.#cancelTimer();
    this.#set("conflict");
  }

  /**
   * The person has chosen; save on top of that revision.
   * @param {number} revision
   */
  async resolve(revision) {
    this.baseRevision = revision;
    this.#set("dirty");
    this.keepDraft();
    return this.flush();
  }

  /**
   * Save now, until nothing is left.
   * @returns {Promise<boolean>} whether the server has everything.
   */
  async flush() {
    this.#cancelTimer();
    while (this.running || this.isDirty) {
      if (this.state === "conflict" || !(await this.#run())) return false;
    }
    return true;
  }

  /** One save at a time; a caller that comes meanwhile waits for the same one. */
  #run() {
    this.running ??= this.#save().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async #save() {
    const before = this.changes;
    this.#set("saving");
    try {
      const sketch = await this.parts.save(this.baseRevision, this.parts.read());
      this.#saved(sketch, before === this.changes);
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /**
   * @param {Sketch} sketch
   * @param {boolean} isAll
   */
  #saved(sketch, isAll) {
    this.baseRevision = sketch.revision;
    this.savedAt = this.parts.now();
    this.message = "";
    if (isAll) {
      this.parts.drafts.forget();
      this.#set("saved");
    } else {
      this.keepDraft();
      this.#set("dirty");
      this.#schedule(SAVE_AFTER_MS);
    }
    this.dispatchEvent(new CustomEvent("saved", { detail: sketch }));
  }

  /** @param {unknown} error */
  #failed(error) {
    this.keepDraft();
    if (!(error instanceof ApiError)) throw error;
    this.message = error.message;
    if (error.code === "newer_revision") this.#set("conflict");
    else if (error.isPassing) {
      this.#set("offline");
      this.#schedule(RETRY_AFTER_MS);
    } else this.#set("refused");
  }

  /** @param {number} ms */
  #schedule(ms) {
    this.#cancelTimer();
    this.timer = this.parts.setTimeout(() => void this.#run(), ms);
  }

  #cancelTimer() {
    if (this.timer !== null) this.parts.clearTimeout(this.timer);
    this.timer = null;
  }

  /** @param {SaveState} state */
  #set(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
