/** The storage of a virtual bot in this browser: its NVS (with its key) and its two slots. */

const DATABASE = "airsketch-virtual-bots";
const TABLE = "parts";

/** @typedef {{nvs: import("./nvs.js").NvsEntries | null, flash: import("./slots.js").Flash | null}} StoredBot */

export class BotStore {
  /** @param {IDBFactory} [factory] */
  constructor(factory = indexedDB) {
    /** @type {Map<string, unknown>} */
    this.waiting = new Map();
    /** @type {Promise<void> | null} */
    this.writing = null;
    /** @type {Promise<IDBDatabase>} */
    this.ready = new Promise((resolve, reject) => {
      const opening = factory.open(DATABASE, 1);
      opening.onupgradeneeded = () => void opening.result.createObjectStore(TABLE);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
  }

  /**
   * @param {string} productId
   * @returns {Promise<StoredBot>}
   */
  async load(productId) {
    const table = (await this.ready).transaction(TABLE).objectStore(TABLE);
    const [nvs, flash] = await Promise.all([done(table.get(`${productId}/nvs`)), done(table.get(`${productId}/flash`))]);
    return { nvs: nvs ?? null, flash: flash ?? null };
  }

  /**
   * @param {string} productId
   * @param {import("./nvs.js").NvsEntries} entries
   */
  saveNvs(productId, entries) {
    return this.#put(`${productId}/nvs`, entries);
  }

  /**
   * @param {string} productId
   * @param {import("./slots.js").Flash} flash
   */
  saveFlash(productId, flash) {
    return this.#put(`${productId}/flash`, flash);
  }

  /**
   * Write the newest value; while others are being written it waits, and only the last one of each key is written.
   * @param {string} key
   * @param {unknown} value
   * @returns {Promise<void>} fulfilled when it is stored.
   */
  #put(key, value) {
    this.waiting.set(key, value);
    this.writing ??= this.#writeAll().finally(() => (this.writing = null));
    return this.writing;
  }

  async #writeAll() {
    const database = await this.ready;
    while (this.waiting.size > 0) {
      const transaction = database.transaction(TABLE, "readwrite");
      for (const [key, value] of this.waiting) transaction.objectStore(TABLE).put(value, key);
      this.waiting.clear();
      await committed(transaction);
    }
  }
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
