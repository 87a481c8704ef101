/**
 * Puts the lines of a bot in order.
 *
 * Lines come in pieces that say how many lines came before them. A piece may come twice or overlap; when one is
 * missing, the whole is asked for again. The server keeps the newest lines only, so does the page.
 */

/** @typedef {import("../../core/events.js").LogLines} LogLines */
/** @typedef {LogLines["lines"]} Lines */
/** @typedef {{kind: "lines", lines: Lines} | {kind: "known"} | {kind: "gap"}} Outcome */

export class LineRing {
  constructor() {
    /** How many lines of the bot are known; those at the beginning may be gone from the server. */
    this.next = 0;
  }

  /**
   * Take all that the server keeps.
   * @param {LogLines} whole
   * @returns {Lines | null} the lines to show in the place of all others; null if newer ones came before the answer.
   */
  restart({ start, lines }) {
    if (start + lines.length < this.next) return null;
    this.next = start + lines.length;
    return lines;
  }

  /**
   * @param {LogLines} piece
   * @returns {Outcome} the lines that are new, or that some are missing before them.
   */
  accept({ start, lines }) {
    if (start > this.next) return { kind: "gap" };
    const fresh = lines.slice(this.next - start);
    if (fresh.length === 0) return { kind: "known" };
    this.next += fresh.length;
    return { kind: "lines", lines: fresh };
  }
}
