/** What a page knows of rows of one kind; an older message never replaces a newer one. */

/**
 * Rows by id. Fires `change` (detail: the row) when one is new or newer, `remove` (detail: the id).
 * @template {{id: string, revision: number}} Row
 */
export class RowStore extends EventTarget {
  constructor() {
    super();
    /** @type {Map<string, Row>} */
    this.rows = new Map();
  }

  /**
   * Take a row from an answer or an event.
   * The same revision is taken too: facts derived from time (last seen) change without a new one.
   * @param {Row} row
   * @returns {boolean} whether it was taken.
   */
  apply(row) {
    const known = this.rows.get(row.id);
    if (known && known.revision > row.revision) return false;
    this.rows.set(row.id, row);
    this.dispatchEvent(new CustomEvent("change", { detail: row }));
    return true;
  }

  /**
   * Take a whole answer: rows it lacks are gone.
   * @param {Row[]} rows
   */
  replaceAll(rows) {
    const ids = new Set(rows.map((row) => row.id));
    for (const id of [...this.rows.keys()]) if (!ids.has(id)) this.remove(id);
    for (const row of rows) this.apply(row);
  }

  /** @param {string} id */
  remove(id) {
    if (this.rows.delete(id)) this.dispatchEvent(new CustomEvent("remove", { detail: id }));
  }

  /** @param {string | null | undefined} id */
  get(id) {
    return id ? this.rows.get(id) : undefined;
  }

  /**
   * All rows in order.
   * @param {(a: Row, b: Row) => number} order
   */
  sorted(order) {
    return [...this.rows.values()].sort(order);
  }
}

/**
 * Order by creation, newest first.
 * @param {{created_at: string}} a
 * @param {{created_at: string}} b
 */
export function newestFirst(a, b) {
  return b.created_at.localeCompare(a.created_at);
}
