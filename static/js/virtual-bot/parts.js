/** Parts that are plugged into a bot: each reports its full state, and only the newest one counts. */

const MAX_STATE_BYTES = 4096;
/** More than anybody plugs in; a sketch must not fill the page. */
const MAX_PARTS = 16;

/** @typedef {{kind: number, id: number, bytes: Uint8Array}} Part */

export class Parts {
  constructor() {
    /** @type {Map<string, Part>} */
    this.known = new Map();
    /** @type {Set<string>} */
    this.changed = new Set();
  }

  get hasChanges() {
    return this.changed.size > 0;
  }

  /**
   * @param {number} kind
   * @param {number} id
   * @param {Uint8Array} state
   */
  set(kind, id, state) {
    const key = `${kind} ${id}`;
    if (!this.known.has(key) && this.known.size >= MAX_PARTS) return;
    this.known.set(key, { kind, id, bytes: state.slice(0, MAX_STATE_BYTES) });
    this.changed.add(key);
  }

  /** @returns {Part[]} those that changed since the last call. */
  takeChanges() {
    const changed = [...this.changed].flatMap((key) => this.known.get(key) ?? []);
    this.changed.clear();
    return changed;
  }
}
