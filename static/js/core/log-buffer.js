/**
 * Puts the pieces of a build log in order.
 *
 * Pieces carry the byte offset at which they start. They may come twice, overlap, or leave a gap
 * when the connection was lost; a gap is closed by asking for the log from `next`.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @typedef {{kind: "text", text: string} | {kind: "known"} | {kind: "gap", from: number}} Outcome */

export class LogBuffer {
  constructor() {
    /** Byte offset of the first byte not seen yet. */
    this.next = 0;
  }

  /**
   * @param {number} start byte offset of the piece in the log.
   * @param {string} text
   * @returns {Outcome} the text that is new, or where the gap begins.
   */
  accept(start, text) {
    if (start > this.next) return { kind: "gap", from: this.next };
    const bytes = encoder.encode(text);
    const end = start + bytes.length;
    if (end <= this.next) return { kind: "known" };
    const fresh = start === this.next ? text : decoder.decode(bytes.subarray(this.next - start));
    this.next = end;
    return { kind: "text", text: fresh };
  }
}

/** Splits a stream of text into lines, holding back an unfinished one. */
export class LineSplitter {
  constructor() {
    this.rest = "";
  }

  /**
   * @param {string} text
   * @returns {string[]} the lines that are complete now.
   */
  push(text) {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.map((line) => line.replace(/\r$/, ""));
  }

  /** The unfinished line, given up at the end of the log. */
  end() {
    const rest = this.rest;
    this.rest = "";
    return rest ? [rest] : [];
  }
}
