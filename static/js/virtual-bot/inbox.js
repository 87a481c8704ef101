/**
 * What the page tells a running bot: pin levels, analog values, typed bytes. A ring of words, in shared memory
 * where there is some (the worker sleeps on its signal), else in memory that only the worker has.
 */

const SIGNAL = 0;
const HEAD = 1;
const TAIL = 2;
const FRAMES_SEEN = 3;
const RADIO = 4;
const THROTTLE = 5;
const FIRST = 8;
const CAPACITY = 4096;
export const INBOX_BYTES = 4 * (FIRST + CAPACITY);

export const Input = { BYTE: 1, LEVEL: 2, ANALOG: 3 };
/** A level that says: nothing drives the pin. */
export const RELEASED = 2;

export class Inbox {
  /** @param {ArrayBuffer | SharedArrayBuffer} buffer of `INBOX_BYTES`. */
  constructor(buffer) {
    this.words = new Int32Array(buffer);
  }

  /**
   * @param {number} kind an `Input`.
   * @param {number} pin 0 to 63.
   * @param {number} value 0 to 65535.
   * @returns {boolean} false if the ring is full.
   */
  push(kind, pin, value) {
    const tail = Atomics.load(this.words, TAIL);
    if (tail - Atomics.load(this.words, HEAD) >= CAPACITY) return false;
    this.words[FIRST + (tail % CAPACITY)] = (kind << 24) | (pin << 16) | value;
    Atomics.store(this.words, TAIL, tail + 1);
    this.signal();
    return true;
  }

  /** @returns {{kind: number, pin: number, value: number} | null} the oldest input; null if there is none. */
  take() {
    const head = Atomics.load(this.words, HEAD);
    if (head === Atomics.load(this.words, TAIL)) return null;
    const word = this.words[FIRST + (head % CAPACITY)];
    Atomics.store(this.words, HEAD, head + 1);
    return { kind: word >>> 24, pin: (word >>> 16) & 0xff, value: word & 0xffff };
  }

  /** Wake a sleeping worker. */
  signal() {
    Atomics.add(this.words, SIGNAL, 1);
    Atomics.notify(this.words, SIGNAL);
  }

  /** The page has drawn a frame; the worker may send the next. */
  frameSeen() {
    Atomics.add(this.words, FRAMES_SEEN, 1);
  }

  get framesSeen() {
    return Atomics.load(this.words, FRAMES_SEEN);
  }

  get radioIsOn() {
    return Atomics.load(this.words, RADIO) !== 0;
  }

  set radioIsOn(isOn) {
    Atomics.store(this.words, RADIO, isOn ? 1 : 0);
    this.signal();
  }

  /** How long a sketch that does nothing to be seen rests after each loop, in milliseconds. */
  get throttleMs() {
    return Atomics.load(this.words, THROTTLE);
  }

  set throttleMs(ms) {
    Atomics.store(this.words, THROTTLE, ms);
  }

  /** Sleep until something comes or the time is over; only in a worker, only on shared memory. @param {number} ms */
  sleep(ms) {
    const seen = Atomics.load(this.words, SIGNAL);
    if (Atomics.load(this.words, HEAD) === Atomics.load(this.words, TAIL)) Atomics.wait(this.words, SIGNAL, seen, ms);
  }
}
