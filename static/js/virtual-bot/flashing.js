/** Bytes of a build become an image for a slot, checked first. */

import { checkImage } from "./image.js";
import { sha256Hex } from "./sha256.js";

/**
 * @param {Uint8Array} bytes
 * @returns {import("./slots.js").Image}
 * @throws {import("./image.js").BadImage}
 */
export function imageOf(bytes) {
  const { project, version } = checkImage(bytes);
  return { bytes, sha256: sha256Hex(bytes), project, version };
}
