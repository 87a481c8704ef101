/**
 * The writer of ESP32 flash over Web Serial, and the digest by which it checks what it wrote; bundled into
 * static/vendor/esptool.js, loaded when a port is chosen.
 */
import { md5 as digest } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";

export { ESPLoader, Transport } from "esptool-js";

/** @param {Uint8Array} bytes */
export const md5 = (bytes) => bytesToHex(digest(bytes));
