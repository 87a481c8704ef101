/** Numbers in what a sketch prints, as lines of a plot: `23.5`, `1 2 3`, `temperature:21.5,humidity:40`. */

const MAX_SERIES = 6;
const MAX_POINTS = 300;
const MAX_LINE_CHARS = 512;
const PART = /^(?:([A-Za-z_][\w .-]{0,23}):)?(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

/**
 * @param {string} line
 * @returns {[string, number][] | null} names and values; null if the line is not made of numbers only.
 */
export function valuesOf(line) {
  const parts = line.trim().replace(/\s*[:=]\s*/g, ":").split(/[,;\t]\s*|\s+(?=[-\d])/).filter(Boolean);
  /** @type {[string, number][]} */
  const values = [];
  for (const part of parts.slice(0, MAX_SERIES)) {
    const found = PART.exec(part);
    if (!found) return null;
    values.push([found[1] ?? `value ${values.length + 1}`, Number(found[2])]);
  }
  return values.length > 0 ? values : null;
}

/** Collects what is printed into series of the newest numbers. */
export class Plot {
  constructor() {
    /** @type {Map<string, number[]>} */
    this.series = new Map();
    /** @type {string} */
    this.line = "";
  }

  clear() {
    this.series.clear();
    this.line = "";
  }

  /**
   * @param {string} text
   * @returns {boolean} whether there is a new number.
   */
  add(text) {
    const lines = (this.line + text).split("\n");
    this.line = (lines.pop() ?? "").slice(-MAX_LINE_CHARS);
    return lines.map((line) => this.#addLine(line)).some(Boolean);
  }

  /** @param {string} line */
  #addLine(line) {
    const values = valuesOf(line);
    for (const [name, value] of values ?? []) {
      const numbers = this.series.get(name) ?? [];
      if (numbers.length === 0 && this.series.size >= MAX_SERIES) continue;
      numbers.push(value);
      this.series.set(name, numbers.slice(-MAX_POINTS));
    }
    return values !== null;
  }
}
