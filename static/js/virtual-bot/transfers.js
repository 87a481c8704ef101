/** HTTP for the image: handles to answers that come through the gate. */

import { HttpError, MAX_PIECE_BYTES } from "./gate.js";

/** @typedef {import("./machine.js").Machine} Machine */
/** @typedef {import("./gate.js").Head} Head */

const FIRST_HANDLE = 1;

/** @param {Machine} m */
export function transferImports(m) {
  /** @type {Map<number, Head>} */
  const heads = new Map();
  let lastHandle = FIRST_HANDLE - 1;
  return {
    http_open: m.blocking.imported(function* open(request, requestSize, body, bodySize, timeoutMs) {
      if (!m.radio.isConnected(performance.now())) return HttpError.REFUSED;
      const id = (lastHandle += 1);
      const answer = yield m.blocking.ask({
        op: "open", id, request: m.memory.text(request, requestSize), body: m.memory.view(body, bodySize).slice(), timeoutMs,
      });
      m.sendChanges();
      if (answer.code < 0) return answer.code;
      heads.set(id, answer.head);
      return id;
    }),
    http_read: m.blocking.imported(function* read(handle, out, capacity) {
      if (!heads.has(handle)) return HttpError.LOST;
      const answer = yield m.blocking.ask({ op: "read", id: handle, size: Math.min(capacity >>> 0, MAX_PIECE_BYTES) });
      yield* m.serve();
      return answer.code < 0 ? answer.code : m.memory.answer(answer.bytes, out, capacity);
    }),
    http_close: m.blocking.imported(function* close(handle) {
      if (heads.delete(handle)) yield m.blocking.ask({ op: "close", id: handle });
    }),
    http_status: (/** @type {number} */ handle) => heads.get(handle)?.status ?? HttpError.LOST,
    http_size: (/** @type {number} */ handle) => heads.get(handle)?.size ?? -1,
    http_header: (/** @type {number[]} */ ...[handle, name, nameSize, out, capacity]) => {
      const wanted = m.memory.text(name, nameSize).toLowerCase();
      const found = heads.get(handle)?.headers.find(([candidate]) => candidate.toLowerCase() === wanted);
      return m.memory.answer(found ? found[1] : null, out, capacity);
    },
  };
}
