/**
 * Two ways for a sketch to block, behind one interface. Host functions that may wait are generators: they yield what
 * `pause` and `ask` give, and go on with its result.
 *
 * - Atomics: the worker really sleeps; the page answers into shared memory. Needs a cross-origin isolated page.
 * - JSPI: the image is put aside while promises run. Works on plain http.
 */

const REPLY_HEADER_WORDS = 4;
const REPLY_DATA_BYTES = 64 * 1024;
export const REPLY_BYTES = 4 * REPLY_HEADER_WORDS + REPLY_DATA_BYTES;
const Reply = { ARRIVED: 0, LENGTH: 1 };
const ASK_SLICE_MS = 200;
/** A worker that never returns to its event loop receives no messages. */
const YIELD_AFTER_MS = 8;

/** @typedef {import("./gate.js").Ask} Ask */
/** @typedef {import("./gate.js").Answer} Answer */
/** @typedef {(...numbers: number[]) => Generator<any, any, any>} HostFunction */
/**
 * @typedef {object} Blocking
 * @property {(ms: number) => unknown} pause rest; inputs from the page end it early.
 * @property {(ask: Ask) => unknown} ask to be yielded; gives an `Answer`.
 * @property {() => boolean} needsYield whether it is time to pause, however short.
 * @property {(body: HostFunction) => any} imported a host function for the image.
 * @property {(call: Function) => any} exported a function of the image that may wait.
 */

/**
 * Which one this browser and page allow.
 * @param {{crossOriginIsolated?: boolean, SharedArrayBuffer?: unknown, WebAssembly?: any}} scope
 * @returns {"atomics" | "jspi" | "none"}
 */
export function blockingFor(scope) {
  if (scope.crossOriginIsolated && scope.SharedArrayBuffer) return "atomics";
  return scope.WebAssembly?.Suspending && scope.WebAssembly?.promising ? "jspi" : "none";
}

/** @implements {Blocking} */
export class AtomicsBlocking {
  /**
   * @param {object} parts
   * @param {import("./inbox.js").Inbox} parts.inbox on shared memory.
   * @param {SharedArrayBuffer} parts.reply
   * @param {(ask: Ask) => void} parts.send hands a question to the page.
   * @param {() => void} parts.tick runs now and then while an answer is awaited.
   */
  constructor({ inbox, reply, send, tick }) {
    this.inbox = inbox;
    this.reply = new Int32Array(reply, 0, REPLY_HEADER_WORDS);
    this.data = new Uint8Array(reply, 4 * REPLY_HEADER_WORDS);
    this.send = send;
    this.tick = tick;
  }

  /** @param {number} ms */
  pause(ms) {
    if (ms > 0) this.inbox.sleep(ms);
  }

  needsYield() {
    return false;
  }

  /**
   * @param {Ask} ask
   * @returns {Answer}
   */
  ask(ask) {
    Atomics.store(this.reply, Reply.ARRIVED, 0);
    this.send(ask);
    while (Atomics.wait(this.reply, Reply.ARRIVED, 0, ASK_SLICE_MS) === "timed-out") this.tick();
    return decodeReply(this.data.slice(0, this.reply[Reply.LENGTH]));
  }

  /** @param {HostFunction} body */
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

/** @implements {Blocking} */
export class JspiBlocking {
  /** @param {(ask: Ask, number: number) => void} send hands a question to the page. */
  constructor(send) {
    this.send = send;
    /** @type {Map<number, (answer: Answer) => void>} */
    this.asked = new Map();
    this.lastNumber = 0;
    this.yieldedAt = performance.now();
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
    this.yieldedAt = performance.now();
  }

  needsYield() {
    return performance.now() - this.yieldedAt > YIELD_AFTER_MS;
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

  /** @param {HostFunction} body */
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
 * Write the page's answer into the memory on which the worker waits.
 * @param {SharedArrayBuffer} buffer
 * @param {Answer} answer
 */
export function sendReply(buffer, answer) {
  const reply = new Int32Array(buffer, 0, REPLY_HEADER_WORDS);
  const packed = encodeReply(answer);
  new Uint8Array(buffer, 4 * REPLY_HEADER_WORDS).set(packed);
  reply[Reply.LENGTH] = packed.length;
  Atomics.store(reply, Reply.ARRIVED, 1);
  Atomics.notify(reply, Reply.ARRIVED);
}

/** A length of the JSON head, the head, the bytes. @param {Answer} answer */
export function encodeReply({ code, head, bytes = new Uint8Array(0) }) {
  let text = new TextEncoder().encode(JSON.stringify({ code, head }));
  if (4 + text.length + bytes.length > REPLY_DATA_BYTES) text = new TextEncoder().encode(JSON.stringify({ code: -5 }));
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
export function decodeReply(packed) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + length)));
  return { ...head, bytes: packed.slice(4 + length) };
}
