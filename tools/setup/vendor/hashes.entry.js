/**
 * SHA-256 without waiting, also where a page on plain http has no `crypto.subtle`; bundled into static/vendor/hashes.js.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/**
 * @param {Uint8Array} bytes
 * @returns {string} 64 lower-case hex digits.
 */
export const sha256Hex = (bytes) => bytesToHex(sha256(bytes));
