/** The pins of a virtual bot: what the sketch set, what the page drives, which interrupts wait. */

import { Input, RELEASED } from "./inbox.js";

export const PIN_COUNT = 64;
export const PinMode = { INPUT: 0x01, OUTPUT: 0x03, PULL_UP: 0x05, PULL_DOWN: 0x09, OPEN_DRAIN: 0x13, ANALOG: 0xc0 };
const Irq = { RISING: 1, FALLING: 2, CHANGE: 3, LOW: 4, HIGH: 5 };
/** The trigger button has a resistor of its own. */
export const TRIGGER_PIN = 0;
const ANALOG_AT_START = 2048;

/**
 * @typedef {{pin: number, mode: number, level: number, duty: number, bits: number, edges: number, reads: "" | "digital" | "analog"}} PinState
 *   `bits`: of the PWM; 0 without. `edges`: how often its output changed.
 */

export class Pins {
  constructor() {
    this.modes = new Uint8Array(PIN_COUNT);
    this.levels = new Uint8Array(PIN_COUNT);
    this.driven = new Uint8Array(PIN_COUNT).fill(RELEASED);
    this.analog = new Uint16Array(PIN_COUNT).fill(ANALOG_AT_START);
    this.duties = new Int32Array(PIN_COUNT);
    this.bits = new Uint8Array(PIN_COUNT);
    this.edges = new Uint32Array(PIN_COUNT);
    this.irqs = new Uint8Array(PIN_COUNT);
    /** How often the sketch asked for the level of each pin. */
    this.readCounts = new Uint32Array(PIN_COUNT);
    /** @type {Map<number, PinState["reads"]>} */
    this.used = new Map();
    /** @type {number[]} */
    this.pending = [];
    this.hasChanges = false;
  }

  /**
   * @param {number} pin
   * @param {number} mode
   */
  setMode(pin, mode) {
    if (!this.#use(pin)) return;
    this.modes[pin] = mode;
    this.hasChanges = true;
  }

  /**
   * @param {number} pin
   * @param {number} level
   */
  write(pin, level) {
    if (!this.#use(pin)) return;
    const now = level ? 1 : 0;
    if (this.bits[pin] === 0 && this.levels[pin] === now) return;
    if (this.levels[pin] !== now) this.edges[pin] += 1;
    this.bits[pin] = 0;
    this.levels[pin] = now;
    this.hasChanges = true;
  }

  /**
   * @param {number} pin
   * @param {number} duty of `2 ** bits`.
   * @param {number} bits
   */
  writePwm(pin, duty, bits) {
    if (!this.#use(pin) || (this.duties[pin] === duty && this.bits[pin] === bits)) return;
    this.duties[pin] = duty;
    this.bits[pin] = bits;
    this.hasChanges = true;
  }

  /** @param {number} pin */
  read(pin) {
    if (!this.#use(pin, "digital")) return 0;
    this.readCounts[pin] += 1;
    return this.#isOutput(pin) ? this.levels[pin] : this.#inputLevel(pin);
  }

  /** @param {number} pin */
  readAnalog(pin) {
    return this.#use(pin, "analog") ? this.analog[pin] : 0;
  }

  /**
   * @param {number} pin
   * @param {number} mode
   */
  setInterrupt(pin, mode) {
    if (this.#use(pin, "digital")) this.irqs[pin] = mode;
  }

  /** @param {number} pin */
  hasInterrupt(pin) {
    return this.irqs[pin] !== 0;
  }

  /** @param {{kind: number, pin: number, value: number}} input from the page. */
  apply({ kind, pin, value }) {
    if (pin >= PIN_COUNT) return;
    if (kind === Input.ANALOG) this.analog[pin] = Math.min(value, 4095);
    if (kind !== Input.LEVEL) return;
    const before = this.#inputLevel(pin);
    this.driven[pin] = value;
    const after = this.#inputLevel(pin);
    if (before === after) return;
    this.hasChanges = true;
    const irq = this.irqs[pin];
    if (irq === Irq.CHANGE || irq === (after ? Irq.RISING : Irq.FALLING)) this.pending.push(pin);
  }

  /** @returns {number[]} pins whose interrupts are due now; each is told once. */
  takeInterrupts() {
    const due = this.pending;
    this.pending = [];
    for (const pin of this.used.keys()) {
      if (this.irqs[pin] === (this.#inputLevel(pin) ? Irq.HIGH : Irq.LOW)) due.push(pin);
    }
    return due;
  }

  /** @returns {PinState[]} every pin that the sketch used. */
  snapshot() {
    this.hasChanges = false;
    return [...this.used.keys()].sort((a, b) => a - b).map((pin) => ({
      pin,
      mode: this.modes[pin],
      level: this.#isOutput(pin) ? this.levels[pin] : this.#inputLevel(pin),
      duty: this.duties[pin],
      bits: this.bits[pin],
      edges: this.edges[pin],
      reads: this.used.get(pin) ?? "",
    }));
  }

  /**
   * @param {number} pin
   * @param {PinState["reads"]} [reads]
   */
  #use(pin, reads = "") {
    if (pin < 0 || pin >= PIN_COUNT) return false;
    const known = this.used.get(pin);
    if (known === undefined || (reads && known !== reads)) {
      this.used.set(pin, reads || known || "");
      this.hasChanges = true;
    }
    return true;
  }

  /** @param {number} pin */
  #isOutput(pin) {
    return this.modes[pin] === PinMode.OUTPUT || this.modes[pin] === PinMode.OPEN_DRAIN;
  }

  /** The level on the pin's wire when the sketch does not drive it. @param {number} pin */
  #inputLevel(pin) {
    if (this.driven[pin] !== RELEASED) return this.driven[pin];
    return this.modes[pin] === PinMode.PULL_UP || pin === TRIGGER_PIN ? 1 : 0;
  }
}
