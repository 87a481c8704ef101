/** The worker that runs one image for one boot. Its page ends it; it never starts a second image. */

import { BadImage, checkImage } from "./image.js";
import { importsOf } from "./imports.js";
import { INBOX_BYTES, Inbox } from "./inbox.js";
import { Ended, Machine } from "./machine.js";
import { causeOf, traceOf } from "./trace.js";
import { SharedWay, SuspendingWay } from "./ways.js";

/**
 * @typedef {object} Start
 * @property {"start"} type
 * @property {Uint8Array} image
 * @property {import("./machine.js").Facts} facts
 * @property {import("./nvs.js").NvsEntries} nvs
 * @property {import("./pace.js").Surroundings} around
 * @property {{inbox: SharedArrayBuffer, mail: SharedArrayBuffer} | null} shared
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
  if (data.type === "around") Object.assign(inbox, data.around);
  wake();
};

/** @param {Start} order */
async function start(order) {
  inbox = new Inbox(order.shared ? order.shared.inbox : new ArrayBuffer(INBOX_BYTES));
  Object.assign(inbox, order.around);
  const machine = new Machine({ facts: order.facts, nvs: order.nvs, inbox, post });
  machine.way = order.shared ? sharedWay(machine, order.shared) : suspendingWay(machine);
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
  const call = (/** @type {string} */ name) => machine.way.exported(/** @type {Function} */ (instance.exports[name]))();
  machine.sendFrame(performance.now());
  await call("_initialize");
  await call("bot_main");
  throw new Error("The program ended, but a sketch never should.");
}

/**
 * @param {Machine} machine
 * @param {NonNullable<Start["shared"]>} shared
 */
function sharedWay(machine, shared) {
  return new SharedWay({ inbox, mail: shared.mail, send: (ask) => post({ type: "ask", ask }), tick: () => machine.showNews() });
}

/** @param {Machine} machine */
function suspendingWay(machine) {
  const way = new SuspendingWay((ask, number) => post({ type: "ask", ask, number }));
  wake = () => way.wake();
  answered = (number, answer) => way.answered(number, answer);
  // While a promise runs, the page still hears that the bot lives.
  setInterval(() => machine.showNews(), TICK_MS);
  return way;
}

/**
 * @param {Machine} machine
 * @param {unknown} error
 */
function end(machine, error) {
  machine.sendFrame(performance.now());
  if (error instanceof Ended && error.kind === "restart") post({ type: "end", kind: "restart", reason: error.reason });
  else if (error instanceof BadImage) post({ type: "end", kind: "refused", text: error.message });
  else post({ type: "end", kind: "crash", ...story(error) });
}

/** @param {unknown} error */
function story(error) {
  if (error instanceof Ended) return { text: error.text, trace: [] };
  if (!(error instanceof Error)) return { text: String(error), trace: [] };
  return { text: causeOf(error.message), trace: traceOf(error.stack ?? "") };
}
