/** Small values that survive a restart: a namespace, a key, some bytes. As on an ESP32, 20 KiB for all. */

export const NVS_BYTES = 20 * 1024;
const MAX_NAME_BYTES = 15;
const SEPARATOR = "\0";
/** The first byte of a text as Preferences stores it. */
const TEXT_TYPE = 8;

/** @typedef {[string, Uint8Array][]} NvsEntries */

export class Nvs {
  /** @param {NvsEntries} [entries] */
  constructor(entries = []) {
    /** @type {Map<string, Uint8Array>} */
    this.values = new Map(entries);
  }

  /** @returns {NvsEntries} */
  get entries() {
    return [...this.values];
  }

  /**
   * @param {string} namespace
   * @param {string} key
   */
  get(namespace, key) {
    return this.values.get(namespace + SEPARATOR + key) ?? null;
  }

  /**
   * @param {string} namespace
   * @param {string} key
   * @param {Uint8Array} value
   * @returns {boolean} false if it is full or a name is too long.
   */
  set(namespace, key, value) {
    if (!isName(namespace) || !isName(key)) return false;
    const name = namespace + SEPARATOR + key;
    const without = this.usedBytes - this.#cost(name);
    if (without + name.length + value.length > NVS_BYTES) return false;
    this.values.set(name, value.slice());
    return true;
  }

  /**
   * @param {string} namespace
   * @param {string} key empty for the whole namespace.
   * @returns {boolean} false if there was nothing.
   */
  delete(namespace, key) {
    if (key) return this.values.delete(namespace + SEPARATOR + key);
    const names = [...this.values.keys()].filter((name) => name.startsWith(namespace + SEPARATOR));
    for (const name of names) this.values.delete(name);
    return names.length > 0;
  }

  /**
   * Store a text so that Preferences and the agent read it.
   * @param {string} namespace
   * @param {string} key
   * @param {string} text
   */
  setText(namespace, key, text) {
    return this.set(namespace, key, new Uint8Array([TEXT_TYPE, ...new TextEncoder().encode(text)]));
  }

  /**
   * @param {string} namespace
   * @param {string} key
   */
  getText(namespace, key) {
    const value = this.get(namespace, key);
    return value && value[0] === TEXT_TYPE ? new TextDecoder().decode(value.subarray(1)) : null;
  }

  get usedBytes() {
    let sum = 0;
    for (const name of this.values.keys()) sum += this.#cost(name);
    return sum;
  }

  /** @param {string} name */
  #cost(name) {
    const value = this.values.get(name);
    return value ? name.length + value.length : 0;
  }
}

/**
 * Who a bot is, as the initial flash writes it. Everything else it knew is gone.
 * @param {string} productId
 * @param {string} deviceKey 64 hex digits.
 * @param {string} server its origin.
 */
export function identityOf(productId, deviceKey, server) {
  const nvs = new Nvs();
  const values = { product_id: productId, device_key: deviceKey, ssid: "Airsketch", pass: "", server };
  for (const [key, text] of Object.entries(values)) nvs.setText("airsketch", key, text);
  return nvs;
}

/** @param {string} name */
function isName(name) {
  return name.length > 0 && new TextEncoder().encode(name).length <= MAX_NAME_BYTES && !name.includes(SEPARATOR);
}
