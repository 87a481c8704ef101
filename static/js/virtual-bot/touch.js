/**
 * The levels that a person gives to pins. Each lasts until the sketch can have noticed it: a short press is not lost
 * while the bot waits for its server, or while the computer is busy with something else.
 */

import { Input } from "./inbox.js";
import { PIN_COUNT } from "./pins.js";

/** The agent reads its trigger every 20 ms and wants to see it steady for 40 ms. */
const NOTICED_MS = 80;
const NOTICED_READS = 4;
/** A pin that the sketch reads seldom, or never. */
const LONGEST_MS = 1000;
/** Of a longer gap the sketch saw no more than this. */
const TURN_MS = 25;

export class Touch {
  /**
   * @param {import("./pins.js").Pins} pins
   * @param {number} nowMs
   */
  constructor(pins, nowMs) {
    this.pins = pins;
    this.turnAtMs = nowMs;
    /** How long the sketch was at work. */
    this.awakeMs = 0;
    /** Of each pin, when it got its level: in `awakeMs`, and in reads of it. */
    this.sinceMs = new Float64Array(PIN_COUNT);
    this.sinceReads = new Uint32Array(PIN_COUNT);
    /** @type {Map<number, number[]>} */
    this.waiting = new Map();
  }

  /** @param {{pin: number, value: number}} input */
  push({ pin, value }) {
    if (pin >= PIN_COUNT) return;
    const levels = this.waiting.get(pin);
    if (levels) levels.push(value);
    else this.waiting.set(pin, [value]);
  }

  /** Give the pins the levels that are due. @param {number} nowMs */
  turn(nowMs) {
    this.awakeMs += Math.min(nowMs - this.turnAtMs, TURN_MS);
    this.turnAtMs = nowMs;
    for (const [pin, levels] of this.waiting) {
      if (!this.#isNoticed(pin)) continue;
      this.pins.apply({ kind: Input.LEVEL, pin, value: /** @type {number} */ (levels.shift()) });
      this.sinceMs[pin] = this.awakeMs;
      this.sinceReads[pin] = this.pins.readCounts[pin];
      if (levels.length === 0) this.waiting.delete(pin);
    }
  }

  /** @param {number} pin */
  #isNoticed(pin) {
    const ms = this.awakeMs - this.sinceMs[pin];
    const isSeen = this.pins.hasInterrupt(pin) || this.pins.readCounts[pin] - this.sinceReads[pin] >= NOTICED_READS;
    return ms >= LONGEST_MS || (ms >= NOTICED_MS && isSeen);
  }
}
