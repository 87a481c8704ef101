/**
 * Reads an image of the virtual bot and refuses what must not run. Nothing of it is executed here.
 * The rules are those of HOST_INTERFACE.md, ABI 1.
 */

export const SLOT_BYTES = 1_310_720;
export const MAX_PAGES = 32;
const ABI = 1;
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const MODULE = "bot";
const Kind = { FUNCTION: 0, MEMORY: 2 };
const Section = { CUSTOM: 0, IMPORT: 2, MEMORY: 5, EXPORT: 7 };

/** Every name that an image may import. */
export const IMPORT_NAMES = new Set([
  "now_us", "unix_ms", "sleep_us", "idle", "pin_mode", "dwrite", "dread", "aread", "awrite", "irq_mode", "tone", "part", "tx", "rx_avail",
  "rx", "random", "restart", "panic", "info", "nvs_get", "nvs_set", "nvs_del", "wifi_begin", "wifi_end", "wifi_status", "wifi_rssi",
  "wifi_scan", "http_open", "http_status", "http_size", "http_header", "http_read", "http_close", "ota_begin", "ota_write", "ota_end",
  "ota_abort", "ota_confirm",
]);

/** @type {[string, number][]} */
const EXPORTS = [
  ["memory", Kind.MEMORY], ["_initialize", Kind.FUNCTION], ["bot_abi", Kind.FUNCTION], ["bot_main", Kind.FUNCTION],
  ["bot_isr", Kind.FUNCTION],
];

/** Why an image must not run; the message is for people. */
export class BadImage extends Error {}

/**
 * @typedef {object} Contents
 * @property {Record<string, unknown> | null} app
 * @property {boolean} hasMemory
 * @property {Map<string, number>} exports names and kinds.
 */

/**
 * Check an image.
 * @param {Uint8Array} bytes
 * @returns {{project: string, version: string}} what it says of itself.
 * @throws {BadImage}
 */
export function checkImage(bytes) {
  if (bytes.length > SLOT_BYTES) throw new BadImage(`The firmware has ${bytes.length} bytes; a slot holds ${SLOT_BYTES}.`);
  if (HEADER.some((byte, at) => bytes[at] !== byte)) throw new BadImage("This is not a WebAssembly module.");
  const { app, hasMemory, exports } = contentsOf(bytes);
  if (!hasMemory) throw new BadImage("The firmware has no memory of its own.");
  const missing = EXPORTS.find(([name, kind]) => exports.get(name) !== kind);
  if (missing) throw new BadImage(`The firmware lacks “${missing[0]}”.`);
  if (!app) throw new BadImage("The firmware has no section “bot.app”: it was not built for the virtual bot.");
  if (app.abi !== ABI) throw new BadImage(`The firmware needs host interface ${app.abi}; this page offers ${ABI}.`);
  return { project: String(app.project ?? ""), version: String(app.version ?? "") };
}

/**
 * Read the sections that matter; imports and memory are checked on the way.
 * @param {Uint8Array} bytes
 * @returns {Contents}
 */
function contentsOf(bytes) {
  /** @type {Contents} */
  const found = { app: null, hasMemory: false, exports: new Map() };
  for (const { id, reader } of sections(bytes)) {
    if (id === Section.IMPORT) checkImports(reader);
    if (id === Section.MEMORY) found.hasMemory = checkMemory(reader);
    if (id === Section.EXPORT) readExports(reader, found.exports);
    if (id === Section.CUSTOM && reader.name() === "bot.app") found.app = readApp(reader.rest());
  }
  return found;
}

/** @param {Reader} reader */
function checkImports(reader) {
  for (let count = reader.number(); count > 0; count -= 1) {
    const module = reader.name();
    const name = reader.name();
    const kind = reader.byte();
    if (kind !== Kind.FUNCTION || module !== MODULE || !IMPORT_NAMES.has(name)) {
      throw new BadImage(`The firmware imports “${module}.${name}”, which a virtual bot does not have.`);
    }
    reader.number();
  }
}

/** @param {Reader} reader */
function checkMemory(reader) {
  if (reader.number() !== 1) throw new BadImage("The firmware must have exactly one memory.");
  const limits = reader.byte();
  const least = reader.number();
  // Only “with a maximum”, not shared and not of 64 bit.
  const most = limits === 1 ? reader.number() : Infinity;
  if (least > MAX_PAGES || most > MAX_PAGES) throw new BadImage("The firmware needs more than 2 MiB of memory.");
  return true;
}

/**
 * @param {Reader} reader
 * @param {Map<string, number>} exports
 */
function readExports(reader, exports) {
  for (let count = reader.number(); count > 0; count -= 1) {
    exports.set(reader.name(), reader.byte());
    reader.number();
  }
}

/** @param {Uint8Array} content */
function readApp(content) {
  try {
    const value = JSON.parse(new TextDecoder().decode(content));
    if (value && typeof value === "object") return /** @type {Record<string, unknown>} */ (value);
  } catch {
    // Said below.
  }
  throw new BadImage("The section “bot.app” of the firmware cannot be read.");
}

/** @param {Uint8Array} bytes */
function* sections(bytes) {
  const all = new Reader(bytes, HEADER.length);
  while (!all.isAtEnd) {
    const id = all.byte();
    yield { id, reader: new Reader(all.take(all.number()), 0) };
  }
}

/** Reads a module's numbers and names; every length is checked. */
class Reader {
  /**
   * @param {Uint8Array} bytes
   * @param {number} at
   */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  get isAtEnd() {
    return this.at >= this.bytes.length;
  }

  byte() {
    if (this.isAtEnd) throw new BadImage("The firmware is incomplete.");
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  number() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (!(byte & 0x80)) return value;
    }
    throw new BadImage("The firmware is corrupted.");
  }

  name() {
    return new TextDecoder().decode(this.take(this.number()));
  }

  rest() {
    return this.take(this.bytes.length - this.at);
  }

  /** @param {number} length */
  take(length) {
    if (length > this.bytes.length - this.at) throw new BadImage("The firmware is incomplete.");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
