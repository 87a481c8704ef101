/** Bytes of a build become an image for a slot, checked first. */

import { sha256Hex } from "../../vendor/hashes.js";
import { checkImage } from "./image.js";

/**
 * @param {Uint8Array} bytes
 * @returns {import("./slots.js").Image}
 * @throws {import("./image.js").BadImage}
 */
export function imageOf(bytes) {
  const { project, version } = checkImage(bytes);
  return { bytes, sha256: sha256Hex(bytes), project, version };
}
