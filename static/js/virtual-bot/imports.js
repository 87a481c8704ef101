/** The functions of module `bot`: a thin layer of numbers over the machine. */

import { sha256Hex } from "../../vendor/hashes.js";
import { Ended } from "./machine.js";
import { transferImports } from "./transfers.js";
import { BadImage, SLOT_BYTES, checkImage } from "./image.js";

/** @typedef {import("./machine.js").Machine} Machine */

/**
 * Everything an image may import.
 * @param {Machine} m
 * @returns {Record<string, any>}
 */
export function importsOf(m) {
  return {
    ...timeImports(m), ...pinImports(m), ...serialImports(m), ...systemImports(m), ...storeImports(m), ...wifiImports(m),
    ...transferImports(m), ...flashImports(m),
  };
}

/** @param {Machine} m */
function timeImports(m) {
  return {
    now_us: () => (performance.now() - m.startMs) * 1000,
    unix_ms: () => Date.now(),
    sleep_us: m.blocking.imported(function* sleepUs(us) {
      yield* m.sleep(us / 1000);
    }),
    idle: m.blocking.imported(function* idle() {
      yield* m.idle();
    }),
  };
}

/** @param {Machine} m */
function pinImports(m) {
  const { pins, post } = m;
  return {
    part: (/** @type {number[]} */ ...[kind, id, at, size]) => m.parts.set(kind, id, m.memory.view(at, size)),
    pin_mode: (/** @type {number} */ pin, /** @type {number} */ mode) => pins.setMode(pin, mode),
    dwrite: (/** @type {number} */ pin, /** @type {number} */ level) => pins.write(pin, level),
    dread: (/** @type {number} */ pin) => pins.read(pin),
    aread: (/** @type {number} */ pin) => pins.readAnalog(pin),
    awrite: (/** @type {number} */ pin, /** @type {number} */ duty, /** @type {number} */ bits) => pins.writePwm(pin, duty, bits),
    irq_mode: (/** @type {number} */ pin, /** @type {number} */ mode) => pins.setInterrupt(pin, mode),
    tone: (/** @type {number} */ pin, /** @type {number} */ hz, /** @type {number} */ ms) => post({ type: "tone", pin, hz, ms }),
  };
}

/** @param {Machine} m */
function serialImports(m) {
  return {
    tx: m.blocking.imported(function* tx(at, size) {
      const waitMs = m.serial.send(m.memory.view(at, size), performance.now());
      if (waitMs > 0) yield* m.sleep(waitMs);
    }),
    rx_avail: () => m.serial.waiting,
    rx: (/** @type {number} */ peek) => m.serial.read(peek !== 0),
  };
}

/** @param {Machine} m */
function systemImports(m) {
  return {
    random: () => crypto.getRandomValues(new Int32Array(1))[0],
    restart: (/** @type {number} */ reason) => {
      throw new Ended("restart", reason);
    },
    panic: (/** @type {number} */ at, /** @type {number} */ size) => {
      throw new Ended("panic", 4, m.memory.text(at, size));
    },
    info: (/** @type {number} */ key, /** @type {number} */ keySize, /** @type {number} */ out, /** @type {number} */ capacity) =>
      m.memory.answer(factOf(m, m.memory.text(key, keySize)), out, capacity),
  };
}

/**
 * @param {Machine} m
 * @param {string} key
 */
function factOf({ facts, radio }, key) {
  /** @type {Record<string, string>} */
  const known = {
    mac: facts.mac,
    ip: facts.ip,
    ssid: radio.isConnected(performance.now()) ? radio.ssid : "",
    image_sha256: facts.sha256,
    image_size: String(facts.imageBytes),
    reset_reason: String(facts.resetReason),
    slot: facts.slot,
    boot: facts.boot,
  };
  return Object.hasOwn(known, key) ? known[key] : null;
}

/** @param {Machine} m */
function storeImports(m) {
  const text = (/** @type {number} */ at, /** @type {number} */ size) => m.memory.text(at, size);
  const post = () => m.post({ type: "nvs", entries: m.nvs.entries });
  return {
    nvs_get: (/** @type {number[]} */ ...[space, spaceSize, key, keySize, out, capacity]) =>
      m.memory.answer(m.nvs.get(text(space, spaceSize), text(key, keySize)), out, capacity),
    nvs_set: (/** @type {number[]} */ ...[space, spaceSize, key, keySize, value, size]) => {
      if (!m.nvs.set(text(space, spaceSize), text(key, keySize), m.memory.view(value, size))) return -1;
      post();
      return 0;
    },
    nvs_del: (/** @type {number[]} */ ...[space, spaceSize, key, keySize]) => {
      if (!m.nvs.delete(text(space, spaceSize), text(key, keySize))) return -1;
      post();
      return 0;
    },
  };
}

/** @param {Machine} m */
function wifiImports(m) {
  return {
    wifi_begin: (/** @type {number} */ ssid, /** @type {number} */ size) => m.radio.begin(m.memory.text(ssid, size), performance.now()),
    wifi_end: () => m.radio.end(),
    wifi_status: () => m.radio.status(performance.now()),
    wifi_rssi: () => m.radio.rssiDbm,
    wifi_scan: (/** @type {number} */ out, /** @type {number} */ capacity) => m.memory.answer(m.radio.scan(), out, capacity),
  };
}

/** @param {Machine} m */
function flashImports(m) {
  /** @type {Uint8Array[] | null} */
  let parts = null;
  let written = 0;
  return {
    ota_begin: (/** @type {number} */ size) => {
      if (size > SLOT_BYTES || size === 0) return -1;
      parts = [];
      written = 0;
      return 0;
    },
    ota_write: (/** @type {number} */ at, /** @type {number} */ size) => {
      if (!parts || written + (size >>> 0) > SLOT_BYTES) return -1;
      parts.push(m.memory.view(at, size).slice());
      written += size;
      return 0;
    },
    ota_end: () => {
      const bytes = parts && joined(parts, written);
      parts = null;
      return bytes && takeUpdate(m, bytes) ? 0 : -1;
    },
    ota_abort: () => {
      parts = null;
    },
    ota_confirm: () => m.post({ type: "confirm" }),
  };
}

/**
 * @param {Uint8Array[]} parts
 * @param {number} size
 */
function joined(parts, size) {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * @param {Machine} m
 * @param {Uint8Array} bytes
 */
function takeUpdate(m, bytes) {
  try {
    const { project, version } = checkImage(bytes);
    if (!WebAssembly.validate(/** @type {BufferSource} */ (bytes))) throw new BadImage("The firmware is corrupted.");
    m.post({ type: "update", image: { bytes, sha256: sha256Hex(bytes), project, version } });
    return true;
  } catch (error) {
    if (!(error instanceof BadImage)) throw error;
    m.post({ type: "note", text: `An update was rejected. ${error.message}` });
    return false;
  }
}
