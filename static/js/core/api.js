/** The only place that sends requests. */

import { ApiError, errorFromProblem, isAbort, sentenceForStatus } from "./errors.js";

const BASE = "/api/v1";
const SAFE_METHODS = new Set(["GET", "HEAD"]);

/**
 * @typedef {object} RequestOptions
 * @property {unknown} [json] body, sent as JSON.
 * @property {FormData} [form] body, sent as a form with files.
 * @property {boolean} [asFile] the answer is a file: it is given as a Blob.
 * @property {string} [replaces] a newer request with the same word aborts the older one.
 */

/** Sends JSON requests with the CSRF header; fires `session-lost` when the login has ended. */
export class Api extends EventTarget {
  /**
   * @param {object} parts
   * @param {typeof window.fetch} parts.fetch
   * @param {string} parts.csrfToken
   */
  constructor({ fetch, csrfToken }) {
    super();
    this.fetch = fetch;
    this.csrfToken = csrfToken;
    /** @type {Map<string, AbortController>} */
    this.running = new Map();
  }

  /**
   * @template T
   * @param {string} path below the API's root, for example `/sketches`.
   * @param {RequestOptions} [options]
   * @returns {Promise<T>}
   */
  get(path, options) {
    return this.send("GET", path, options);
  }

  /**
   * @template T
   * @param {string} path
   * @param {unknown} [json]
   * @param {RequestOptions} [options]
   * @returns {Promise<T>}
   */
  post(path, json = {}, options = {}) {
    return this.send("POST", path, { json, ...options });
  }

  /**
   * @template T
   * @param {string} path
   * @param {unknown} json
   * @param {RequestOptions} [options]
   * @returns {Promise<T>}
   */
  put(path, json, options = {}) {
    return this.send("PUT", path, { json, ...options });
  }

  /**
   * Send one request and read its JSON answer.
   * @param {string} method
   * @param {string} path
   * @param {RequestOptions} [options]
   * @returns {Promise<any>} the parsed answer, or the file; null when it has no body.
   * @throws {ApiError} the server refused, or no answer came (status 0).
   */
  async send(method, path, options = {}) {
    const controller = this.#begin(options.replaces);
    try {
      const response = await this.fetch(BASE + path, this.#init(method, options, controller.signal));
      const body = options.asFile && response.ok ? await response.blob() : await readJson(response);
      if (response.ok) return body;
      throw this.#refusal(response.status, body);
    } catch (error) {
      if (error instanceof ApiError || isAbort(error)) throw error;
      throw new ApiError(0, "offline", sentenceForStatus(0));
    } finally {
      this.#end(options.replaces, controller);
    }
  }

  /** @param {string | undefined} key */
  #begin(key) {
    const controller = new AbortController();
    if (key) {
      this.running.get(key)?.abort();
      this.running.set(key, controller);
    }
    return controller;
  }

  /**
   * @param {string | undefined} key
   * @param {AbortController} controller
   */
  #end(key, controller) {
    if (key && this.running.get(key) === controller) this.running.delete(key);
  }

  /**
   * @param {string} method
   * @param {RequestOptions} options
   * @param {AbortSignal} signal
   * @returns {RequestInit}
   */
  #init(method, { json, form }, signal) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (!SAFE_METHODS.has(method)) headers["X-CSRFToken"] = this.csrfToken;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
    return { method, headers, body, signal, credentials: "same-origin", cache: "no-store" };
  }

  /**
   * @param {number} status
   * @param {unknown} body
   */
  #refusal(status, body) {
    const error = errorFromProblem(status, body);
    if (error.isSessionLost) this.dispatchEvent(new Event("session-lost"));
    return error;
  }
}

/** @param {Response} response */
async function readJson(response) {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's HTML error page: its status says enough.
    if (response.ok) throw new ApiError(response.status, "not_json", "The server sent an unexpected response.");
    return null;
  }
}

/** The API of this page, with the token that the page came with. */
export function pageApi() {
  const meta = document.querySelector("meta[name=csrf-token]");
  return new Api({ fetch: window.fetch.bind(window), csrfToken: meta?.getAttribute("content") ?? "" });
}
