/** Changes the server does not have yet, kept in this browser. */

/** @typedef {Record<string, string>} Files */
/** @typedef {{baseRevision: number, files: Files, keptAt: number}} Draft */

const PREFIX = "airsketch:draft:";

/**
 * Drafts of one sketch. Each tab keeps its own, so that two tabs never overwrite each other.
 */
export class Drafts {
  /**
   * @param {Storage} storage shared by the tabs of this browser.
   * @param {string} sketchId
   * @param {string} tab an id that is this tab's own and survives a reload.
   */
  constructor(storage, sketchId, tab) {
    this.storage = storage;
    this.prefix = `${PREFIX}${sketchId}:`;
    this.key = this.prefix + tab;
  }

  /**
   * @param {Draft} draft
   * @returns {boolean} whether it is kept; the browser's storage may be full or shut.
   */
  keep(draft) {
    try {
      this.storage.setItem(this.key, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  /** This tab's draft, else the newest that another tab left. @returns {{key: string, draft: Draft} | null} */
  find() {
    const found = this.#keys().flatMap((key) => {
      const draft = parseDraft(this.storage.getItem(key));
      return draft ? [{ key, draft }] : [];
    });
    const mine = found.find(({ key }) => key === this.key);
    return mine ?? found.sort((a, b) => b.draft.keptAt - a.draft.keptAt)[0] ?? null;
  }

  /** @param {string} [key] a draft of another tab; this tab's when left out. */
  forget(key = this.key) {
    try {
      this.storage.removeItem(key);
    } catch {
      // A shut storage holds nothing to forget.
    }
  }

  #keys() {
    const keys = [];
    try {
      for (let index = 0; index < this.storage.length; index += 1) keys.push(this.storage.key(index) ?? "");
    } catch {
      return [];
    }
    return keys.filter((key) => key.startsWith(this.prefix));
  }
}

/**
 * @param {string | null} text
 * @returns {Draft | null}
 */
function parseDraft(text) {
  try {
    const value = JSON.parse(text ?? "null");
    return value && typeof value.baseRevision === "number" && value.files ? value : null;
  } catch {
    return null;
  }
}

/**
 * @param {Files} a
 * @param {Files} b
 */
export function sameFiles(a, b) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/**
 * What to do with a draft when the page opens.
 * @param {Draft | null} draft
 * @param {{revision: number, files: Files}} saved the newest revision on the server.
 * @returns {"none" | "restore" | "conflict"}
 */
export function reconcile(draft, saved) {
  if (!draft || sameFiles(draft.files, saved.files)) return "none";
  return draft.baseRevision >= saved.revision ? "restore" : "conflict";
}

/**
 * The files that two states of a sketch do not agree on, in order.
 * @param {Files} mine
 * @param {Files} theirs
 */
export function differingFiles(mine, theirs) {
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return [...names].filter((name) => mine[name] !== theirs[name]).sort();
}

/**
 * The files under another sketch name: only the main file is called after the sketch.
 * @param {Files} files
 * @param {string} from
 * @param {string} to
 * @returns {Files}
 */
export function renamedFor(files, from, to) {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name === `${from}.ino` ? `${to}.ino` : name, text]),
  );
}
