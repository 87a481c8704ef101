/**
 * Two ways for a sketch to wait, behind one face. Host functions that may wait are generators: they yield what
 * `pause` and `ask` give, and go on with its result.
 *
 * - Shared memory: the worker really sleeps; the page answers into shared memory. Needs a cross-origin isolated page.
 * - Suspending (JSPI): the image is put aside while promises run. Works on plain http.
 */

const MAIL_HEADER_WORDS = 4;
const MAIL_DATA_BYTES = 64 * 1024;
export const MAIL_BYTES = 4 * MAIL_HEADER_WORDS + MAIL_DATA_BYTES;
const Mail = { ARRIVED: 0, LENGTH: 1 };
const ASK_SLICE_MS = 200;
/** A worker that never returns to its event loop hears nothing. */
const BREATH_MS = 8;

/** @typedef {import("./gate.js").Ask} Ask */
/** @typedef {import("./gate.js").Answer} Answer */
/** @typedef {(...numbers: number[]) => Generator<any, any, any>} Waiting */
/**
 * @typedef {object} Way
 * @property {(ms: number) => unknown} pause rest; inputs from the page end it early.
 * @property {(ask: Ask) => unknown} ask to be yielded; gives an `Answer`.
 * @property {() => boolean} needsBreath whether it is time to pause, however short.
 * @property {(body: Waiting) => any} imported a host function for the image.
 * @property {(call: Function) => any} exported a function of the image that may wait.
 */

/**
 * Which way this browser and page allow.
 * @param {{crossOriginIsolated?: boolean, SharedArrayBuffer?: unknown, WebAssembly?: any}} scope
 * @returns {"shared" | "suspending" | "none"}
 */
export function wayFor(scope) {
  if (scope.crossOriginIsolated && scope.SharedArrayBuffer) return "shared";
  return scope.WebAssembly?.Suspending && scope.WebAssembly?.promising ? "suspending" : "none";
}

/** @implements {Way} */
export class SharedWay {
  /**
   * @param {object} parts
   * @param {import("./inbox.js").Inbox} parts.inbox on shared memory.
   * @param {SharedArrayBuffer} parts.mail
   * @param {(ask: Ask) => void} parts.send hands a question to the page.
   * @param {() => void} parts.tick runs now and then while an answer is awaited.
   */
  constructor({ inbox, mail, send, tick }) {
    this.inbox = inbox;
    this.mail = new Int32Array(mail, 0, MAIL_HEADER_WORDS);
    this.data = new Uint8Array(mail, 4 * MAIL_HEADER_WORDS);
    this.send = send;
    this.tick = tick;
  }

  /** @param {number} ms */
  pause(ms) {
    if (ms > 0) this.inbox.sleep(ms);
  }

  needsBreath() {
    return false;
  }

  /**
   * @param {Ask} ask
   * @returns {Answer}
   */
  ask(ask) {
    Atomics.store(this.mail, Mail.ARRIVED, 0);
    this.send(ask);
    while (Atomics.wait(this.mail, Mail.ARRIVED, 0, ASK_SLICE_MS) === "timed-out") this.tick();
    return unpack(this.data.slice(0, this.mail[Mail.LENGTH]));
  }

  /** @param {Waiting} body */
  imported(body) {
    return (/** @type {number[]} */ ...values) => {
      const steps = body(...values);
      let step = steps.next();
      while (!step.done) step = steps.next(step.value);
      return step.value;
    };
  }

  /** @param {Function} call */
  exported(call) {
    return call;
  }
}

/** @implements {Way} */
export class SuspendingWay {
  /** @param {(ask: Ask, number: number) => void} send hands a question to the page. */
  constructor(send) {
    this.send = send;
    /** @type {Map<number, (answer: Answer) => void>} */
    this.asked = new Map();
    this.lastNumber = 0;
    this.breathedAt = performance.now();
    this.channel = new MessageChannel();
    this.channel.port1.onmessage = () => this.wake();
    this.wake = () => {};
  }

  /** @param {number} ms */
  async pause(ms) {
    await new Promise((resolve) => {
      // Browsers cut off fractions; what is left of a millisecond would then be spent in a busy loop.
      const timer = ms > 0 ? setTimeout(() => this.wake(), Math.ceil(ms)) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
      if (ms <= 0) this.channel.port2.postMessage(null);
    });
    this.wake = () => {};
    this.breathedAt = performance.now();
  }

  needsBreath() {
    return performance.now() - this.breathedAt > BREATH_MS;
  }

  /**
   * @param {Ask} ask
   * @returns {Promise<Answer>}
   */
  ask(ask) {
    const number = (this.lastNumber += 1);
    return new Promise((resolve) => {
      this.asked.set(number, resolve);
      this.send(ask, number);
    });
  }

  /**
   * The page has answered.
   * @param {number} number
   * @param {Answer} answer
   */
  answered(number, answer) {
    this.asked.get(number)?.(answer);
    this.asked.delete(number);
  }

  /** @param {Waiting} body */
  imported(body) {
    const suspending = /** @type {any} */ (WebAssembly).Suspending;
    return new suspending((/** @type {number[]} */ ...values) => {
      const steps = body(...values);
      const first = steps.next();
      return first.done ? first.value : finish(steps, first);
    });
  }

  /** @param {Function} call */
  exported(call) {
    return /** @type {any} */ (WebAssembly).promising(call);
  }
}

/**
 * @param {Generator<any, any, any>} steps
 * @param {IteratorResult<any, any>} step
 */
async function finish(steps, step) {
  let next = step;
  while (!next.done) next = steps.next(await next.value);
  return next.value;
}

/**
 * Put the page's answer where the sleeping worker finds it.
 * @param {SharedArrayBuffer} buffer
 * @param {Answer} answer
 */
export function deliver(buffer, answer) {
  const mail = new Int32Array(buffer, 0, MAIL_HEADER_WORDS);
  const packed = pack(answer);
  new Uint8Array(buffer, 4 * MAIL_HEADER_WORDS).set(packed);
  mail[Mail.LENGTH] = packed.length;
  Atomics.store(mail, Mail.ARRIVED, 1);
  Atomics.notify(mail, Mail.ARRIVED);
}

/** A length of the JSON head, the head, the bytes. @param {Answer} answer */
export function pack({ code, head, bytes = new Uint8Array(0) }) {
  let text = new TextEncoder().encode(JSON.stringify({ code, head }));
  if (4 + text.length + bytes.length > MAIL_DATA_BYTES) text = new TextEncoder().encode(JSON.stringify({ code: -5 }));
  const packed = new Uint8Array(4 + text.length + bytes.length);
  new DataView(packed.buffer).setUint32(0, text.length);
  packed.set(text, 4);
  packed.set(bytes, 4 + text.length);
  return packed;
}

/**
 * @param {Uint8Array} packed
 * @returns {Answer}
 */
export function unpack(packed) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + length)));
  return { ...head, bytes: packed.slice(4 + length) };
}
