/** The memory of a running image; every range that the image names is checked against its size. */

export class Memory {
  /** @param {WebAssembly.Memory} memory */
  constructor(memory) {
    this.memory = memory;
  }

  /**
   * A view of some bytes; only good until the image runs on.
   * @param {number} at
   * @param {number} size
   */
  view(at, size) {
    const start = at >>> 0;
    const length = size >>> 0;
    if (start + length > this.memory.buffer.byteLength) throw new WebAssembly.RuntimeError("memory access out of bounds");
    return new Uint8Array(this.memory.buffer, start, length);
  }

  /**
   * @param {number} at
   * @param {number} size
   */
  text(at, size) {
    return new TextDecoder().decode(this.view(at, size));
  }

  /**
   * Write as much of an answer as fits.
   * @param {Uint8Array | string | null} value
   * @param {number} out
   * @param {number} capacity
   * @returns {number} its full length; -1 for none.
   */
  answer(value, out, capacity) {
    if (value === null) return -1;
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    const part = bytes.subarray(0, Math.max(0, capacity));
    this.view(out, part.length).set(part);
    return bytes.length;
  }
}
