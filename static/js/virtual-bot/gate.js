/**
 * The network access of a virtual bot. Every request is checked against the rules, carries no cookie, and follows no
 * redirect: an answer that points elsewhere is a failure.
 */

import { isAllowed, parseRequest } from "./addresses.js";

/** Error numbers of Arduino's HTTPClient. */
export const HttpError = { REFUSED: -1, LOST: -5, TOO_MANY: -8, TIME_OUT: -11 };
const MAX_OPEN = 4;
const MAX_BODY_BYTES = 64 * 1024;
export const MAX_PIECE_BYTES = 32 * 1024;

/**
 * @typedef {{status: number, size: number, headers: [string, string][]}} Head
 * @typedef {{code: number, head?: Head, bytes?: Uint8Array}} Answer `code` is 0, or a negative `HttpError`.
 * @typedef {{op: "open", id: number, request: string, body: Uint8Array, timeoutMs: number}
 *   | {op: "read", id: number, size: number} | {op: "close", id: number}} Ask
 * @typedef {{reader: ReadableStreamDefaultReader<Uint8Array> | null, rest: Uint8Array, abort: AbortController, timeoutMs: number}} Transfer
 */

export class NetworkGate {
  /**
   * @param {object} parts
   * @param {typeof globalThis.fetch} parts.fetch
   * @param {import("./addresses.js").BotNetwork} parts.network
   */
  constructor({ fetch, network }) {
    this.fetch = fetch;
    this.network = network;
    /** @type {Map<number, Transfer>} */
    this.transfers = new Map();
    this.opening = 0;
  }

  /**
   * @param {Ask} ask
   * @returns {Promise<Answer>}
   */
  async ask(ask) {
    if (ask.op === "open") return this.#open(ask);
    if (ask.op === "read") return this.#read(ask.id, ask.size);
    this.#close(ask.id);
    return { code: 0 };
  }

  /** Close all open transfers. */
  closeAll() {
    for (const id of [...this.transfers.keys()]) this.#close(id);
  }

  /** @param {Extract<Ask, {op: "open"}>} ask */
  async #open({ id, request, body, timeoutMs }) {
    const parsed = parseRequest(request);
    if (!parsed || body.length > MAX_BODY_BYTES || !isAllowed(parsed.url, this.network)) return { code: HttpError.REFUSED };
    if (this.transfers.size + this.opening >= MAX_OPEN) return { code: HttpError.TOO_MANY };
    const abort = new AbortController();
    this.opening += 1;
    try {
      const response = await inTime(this.#send(parsed, body, abort), timeoutMs, abort);
      const reader = response.body?.getReader() ?? null;
      this.transfers.set(id, { reader, rest: new Uint8Array(0), abort, timeoutMs });
      const size = Number(response.headers.get("Content-Length") ?? -1);
      return { code: 0, head: { status: response.status, size, headers: [...response.headers] } };
    } catch (error) {
      return { code: failure(error) };
    } finally {
      this.opening -= 1;
    }
  }

  /**
   * @param {import("./addresses.js").BotRequest} request
   * @param {Uint8Array} body
   * @param {AbortController} abort
   */
  #send({ method, url, headers }, body, abort) {
    const hasBody = body.length > 0 && method !== "GET" && method !== "HEAD";
    return this.fetch(url, {
      method,
      headers,
      body: hasBody ? /** @type {BufferSource} */ (body) : undefined,
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      // Another server decides by CORS what a page may read.
      mode: new URL(url).origin === this.network.origin ? "same-origin" : "cors",
      signal: abort.signal,
    });
  }

  /**
   * @param {number} id
   * @param {number} size
   * @returns {Promise<Answer>}
   */
  async #read(id, size) {
    const transfer = this.transfers.get(id);
    if (!transfer) return { code: HttpError.LOST };
    try {
      while (transfer.rest.length === 0 && transfer.reader) {
        const { done, value } = await inTime(transfer.reader.read(), transfer.timeoutMs, transfer.abort);
        if (done) transfer.reader = null;
        else transfer.rest = value;
      }
    } catch (error) {
      return { code: failure(error) };
    }
    const bytes = transfer.rest.subarray(0, Math.min(size, MAX_PIECE_BYTES));
    transfer.rest = transfer.rest.subarray(bytes.length);
    return { code: 0, bytes };
  }

  /** @param {number} id */
  #close(id) {
    this.transfers.get(id)?.abort.abort();
    this.transfers.delete(id);
  }
}

class TimeOut extends Error {}

/** @param {unknown} error */
function failure(error) {
  return error instanceof TimeOut ? HttpError.TIME_OUT : HttpError.LOST;
}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {number} timeoutMs
 * @param {AbortController} abort
 * @returns {Promise<T>}
 */
async function inTime(work, timeoutMs, abort) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeOut());
      abort.abort();
    }, Math.max(1, timeoutMs));
  });
  try {
    return await Promise.race([work, /** @type {Promise<never>} */ (late)]);
  } finally {
    clearTimeout(timer);
  }
}
