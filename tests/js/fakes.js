/** Small stand-ins for parts of a browser. */

export class FakeStorage {
  constructor() {
    /** @type {Map<string, string>} */
    this.values = new Map();
    this.isFull = false;
  }

  get length() {
    return this.values.size;
  }

  key(index) {
    return [...this.values.keys()][index] ?? null;
  }

  getItem(key) {
    return this.values.get(key) ?? null;
  }

  setItem(key, value) {
    if (this.isFull) throw new Error("QuotaExceededError");
    this.values.set(key, value);
  }

  removeItem(key) {
    this.values.delete(key);
  }
}

/** Timers that run when the test says so. */
export class FakeTimers {
  constructor() {
    /** @type {Map<number, {run: () => void, ms: number}>} */
    this.waiting = new Map();
    this.last = 0;
  }

  set = (run, ms) => {
    this.last += 1;
    this.waiting.set(this.last, { run, ms });
    return this.last;
  };

  clear = (timer) => {
    this.waiting.delete(timer);
  };

  /** Run what waits now. */
  fire() {
    const due = [...this.waiting.values()];
    this.waiting.clear();
    for (const { run } of due) run();
  }
}

/** Let everything that is resolved go on. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
