/** What a virtual bot keeps in this browser: its small values (with its key) and its two slots. */

const DATABASE = "airsketch-virtual-bots";
const TABLE = "parts";

/** @typedef {{nvs: import("./nvs.js").NvsEntries | null, flash: import("./slots.js").Flash | null}} BotParts */

export class BotStore {
  /** @param {IDBFactory} [factory] */
  constructor(factory = indexedDB) {
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
   * @returns {Promise<BotParts>}
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
   * @param {string} key
   * @param {unknown} value
   */
  async #put(key, value) {
    const table = (await this.ready).transaction(TABLE, "readwrite").objectStore(TABLE);
    await done(table.put(value, key));
  }
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
