/** The revisions of a sketch: the pages fetched so far, and what a save did in words. */

/** @typedef {import("../../core/events.js").ListedRevision} ListedRevision */
/** @typedef {{revisions: ListedRevision[], next: number | null}} Page */

const NAMED_FILES = 3;

/** Newest first, fetched a page at a time. Fires `change`. */
export class Revisions extends EventTarget {
  /** @param {(before: number | null) => Promise<Page | undefined>} fetchPage the page of those before a number; undefined when it failed. */
  constructor(fetchPage) {
    super();
    this.fetchPage = fetchPage;
    /** @type {ListedRevision[]} */
    this.rows = [];
    /** @type {number | null} */
    this.next = null;
    /** @type {Promise<void>} */
    this.work = Promise.resolve();
  }

  /** Fetch the newest ones; those known already stay. */
  refresh() {
    return this.#inTurn(async () => {
      const page = await this.fetchPage(null);
      if (!page) return;
      const known = this.rows[0]?.number ?? 0;
      const fresh = page.revisions.filter((row) => row.number > known);
      // Nothing known on this page: between it and the known ones others may lie.
      const isApart = fresh.length === page.revisions.length;
      if (isApart) this.next = page.next;
      this.rows = isApart ? fresh : [...fresh, ...this.rows];
      this.dispatchEvent(new Event("change"));
    });
  }

  /** Fetch the next older ones, if there are any. */
  older() {
    return this.#inTurn(async () => {
      if (this.next === null) return;
      const page = await this.fetchPage(this.next);
      if (!page) return;
      this.next = page.next;
      this.rows = [...this.rows, ...page.revisions];
      this.dispatchEvent(new Event("change"));
    });
  }

  /**
   * One request after the other, so that no page is there twice.
   * @param {() => Promise<void>} step
   */
  #inTurn(step) {
    this.work = this.work.then(step);
    return this.work;
  }
}

/**
 * What a save did, in a few words.
 * @param {ListedRevision} revision
 */
export function changeText({ number, renamed_from, changes }) {
  if (number === 1) return "Created";
  if (changes === null) return "";
  const named = changes.slice(0, NAMED_FILES).map(({ file, change }) => (change === "changed" ? file : `${file} ${change}`));
  if (changes.length > NAMED_FILES) named.push(`${changes.length - NAMED_FILES} more`);
  if (renamed_from) named.unshift(`Renamed from ${renamed_from}`);
  return named.join(", ");
}
