/** The serial port: paced like a real one at 115200 baud, so that a flood cannot freeze the page. */

const BYTE_MS = 10_000 / 115_200;
const FIFO_BYTES = 128;
const FIFO_MS = FIFO_BYTES * BYTE_MS;
const OUT_BYTES = 16 * 1024;
const IN_BYTES = 1024;

export class Serial {
  constructor() {
    /** @type {Uint8Array[]} */
    this.out = [];
    this.outBytes = 0;
    this.dropped = 0;
    this.quietAtMs = 0;
    /** @type {number[]} */
    this.in = [];
  }

  /**
   * @param {Uint8Array} bytes
   * @param {number} nowMs
   * @returns {number} how long the sketch has to wait, in milliseconds, until they are in the port's own buffer.
   */
  send(bytes, nowMs) {
    if (this.outBytes + bytes.length > OUT_BYTES) this.dropped += bytes.length;
    else {
      this.out.push(bytes.slice());
      this.outBytes += bytes.length;
    }
    this.quietAtMs = Math.max(this.quietAtMs, nowMs) + bytes.length * BYTE_MS;
    return Math.max(0, this.quietAtMs - nowMs - FIFO_MS);
  }

  get hasChanges() {
    return this.outBytes > 0 || this.dropped > 0;
  }

  /** @returns {{bytes: Uint8Array, dropped: number}} what was printed since the last call. */
  takeOutput() {
    const bytes = new Uint8Array(this.outBytes);
    let at = 0;
    for (const part of this.out) {
      bytes.set(part, at);
      at += part.length;
    }
    const { dropped } = this;
    this.out = [];
    this.outBytes = 0;
    this.dropped = 0;
    return { bytes, dropped };
  }

  /** @param {number} byte from the page; lost if the sketch does not read. */
  receive(byte) {
    if (this.in.length < IN_BYTES) this.in.push(byte);
  }

  get waiting() {
    return this.in.length;
  }

  /** @param {boolean} peek */
  read(peek) {
    if (this.in.length === 0) return -1;
    return peek ? this.in[0] : /** @type {number} */ (this.in.shift());
  }
}
