/** Parts that are plugged into a bot: each says how it looks as a whole, and only the newest look counts. */

const MAX_LOOK_BYTES = 4096;
/** More than anybody plugs in; a sketch must not fill the page. */
const MAX_PARTS = 16;

/** @typedef {{kind: number, id: number, bytes: Uint8Array}} Part */

export class Parts {
  constructor() {
    /** @type {Map<string, Part>} */
    this.known = new Map();
    /** @type {Set<string>} */
    this.news = new Set();
  }

  get hasNews() {
    return this.news.size > 0;
  }

  /**
   * @param {number} kind
   * @param {number} id
   * @param {Uint8Array} look
   */
  set(kind, id, look) {
    const key = `${kind} ${id}`;
    if (!this.known.has(key) && this.known.size >= MAX_PARTS) return;
    this.known.set(key, { kind, id, bytes: look.slice(0, MAX_LOOK_BYTES) });
    this.news.add(key);
  }

  /** @returns {Part[]} those that changed since the last call. */
  takeNews() {
    const changed = [...this.news].flatMap((key) => this.known.get(key) ?? []);
    this.news.clear();
    return changed;
  }
}
