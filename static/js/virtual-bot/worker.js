/** The worker that runs one image for one boot. Its page ends it; it never starts a second image. */

import { BadImage, checkImage } from "./image.js";
import { importsOf } from "./imports.js";
import { INBOX_BYTES, Inbox } from "./inbox.js";
import { Ended, Machine } from "./machine.js";
import { causeOf, traceOf } from "./trace.js";
import { AtomicsBlocking, JspiBlocking } from "./blocking.js";

/**
 * @typedef {object} Start
 * @property {"start"} type
 * @property {Uint8Array} image
 * @property {import("./machine.js").Facts} facts
 * @property {import("./nvs.js").NvsEntries} nvs
 * @property {import("./throttle.js").Environment} environment
 * @property {{inbox: SharedArrayBuffer, reply: SharedArrayBuffer} | null} shared
 */

const TICK_MS = 250;

/** @type {any} */
const scope = self;
const post = (/** @type {Record<string, unknown>} */ message) => scope.postMessage(message);
/** @type {Inbox} */
let inbox;
let wake = () => {};
/** @type {(number: number, answer: import("./gate.js").Answer) => void} */
let answered = () => {};

scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
  if (data.type === "start") void start(data);
  // The rest only comes where there is no shared memory.
  if (data.type === "input") inbox.push(data.kind, data.pin, data.value);
  if (data.type === "seen") inbox.frameSeen();
  if (data.type === "answer") answered(data.number, data.answer);
  if (data.type === "around") Object.assign(inbox, data.environment);
  wake();
};

/** @param {Start} order */
async function start(order) {
  inbox = new Inbox(order.shared ? order.shared.inbox : new ArrayBuffer(INBOX_BYTES));
  Object.assign(inbox, order.environment);
  const machine = new Machine({ facts: order.facts, nvs: order.nvs, inbox, post });
  machine.blocking = order.shared ? atomicsBlocking(machine, order.shared) : jspiBlocking(machine);
  try {
    await run(machine, order.image);
  } catch (error) {
    end(machine, error);
  }
}

/**
 * @param {Machine} machine
 * @param {Uint8Array} image
 */
async function run(machine, image) {
  checkImage(image);
  const module = await WebAssembly.compile(/** @type {BufferSource} */ (image));
  const instance = await WebAssembly.instantiate(module, { bot: importsOf(machine) });
  machine.attach(instance.exports);
  const call = (/** @type {string} */ name) => machine.blocking.exported(/** @type {Function} */ (instance.exports[name]))();
  machine.sendFrame(performance.now());
  await call("_initialize");
  await call("bot_main");
  throw new Error("The program ended, but a sketch never should.");
}

/**
 * @param {Machine} machine
 * @param {NonNullable<Start["shared"]>} shared
 */
function atomicsBlocking(machine, shared) {
  return new AtomicsBlocking({ inbox, reply: shared.reply, send: (ask) => post({ type: "ask", ask }), tick: () => machine.sendChanges() });
}

/** @param {Machine} machine */
function jspiBlocking(machine) {
  const blocking = new JspiBlocking((ask, number) => post({ type: "ask", ask, number }));
  wake = () => blocking.wake();
  answered = (number, answer) => blocking.answered(number, answer);
  // While a promise runs, the page still gets heartbeats.
  setInterval(() => machine.sendChanges(), TICK_MS);
  return blocking;
}

/**
 * @param {Machine} machine
 * @param {unknown} error
 */
function end(machine, error) {
  machine.sendFrame(performance.now());
  if (error instanceof Ended && error.kind === "restart") post({ type: "end", kind: "restart", reason: error.reason });
  else if (error instanceof BadImage) post({ type: "end", kind: "refused", text: error.message });
  else post({ type: "end", kind: "crash", ...crashReport(error) });
}

/** @param {unknown} error */
function crashReport(error) {
  if (error instanceof Ended) return { text: error.text, trace: [] };
  if (!(error instanceof Error)) return { text: String(error), trace: [] };
  return { text: causeOf(error.message), trace: traceOf(error.stack ?? "") };
}
