/** What can go wrong between page and server, in one class and in words for people. */

/** A request that failed: refused by the server, or never answered. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status; 0 when no answer came.
   * @param {string} code permanent word of the API, for example `newer_revision`.
   * @param {string} message a sentence for people.
   * @param {Record<string, unknown>} [details]
   */
  constructor(status, code, message, details = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** Whether the connection failed, so that trying again may help. */
  get isOffline() {
    return this.status === 0;
  }

  /** Whether the login has ended: the page's token ends with it, and may be what the server checks first. */
  get isSessionLost() {
    return this.status === 401 || this.code === "csrf";
  }

  /** Whether the same request may work later: no answer, no login, too fast, or a server error. */
  get isPassing() {
    return this.isOffline || this.isSessionLost || this.status === 429 || this.status >= 500;
  }
}

/** @type {Record<number, string>} */
const FALLBACKS = {
  0: "No connection to the server.",
  401: "You are no longer logged in.",
  403: "You are not allowed to do this.",
  404: "This no longer exists.",
  413: "This is too large.",
  429: "Too many requests. Wait a moment, then try again.",
  503: "Temporarily unavailable. Try again in a moment.",
};

/** @param {number} status */
export function sentenceForStatus(status) {
  return FALLBACKS[status] ?? (status >= 500 ? "Something went wrong on the server. Try again." : "This did not work.");
}

/**
 * Read an RFC 9457 problem body.
 * @param {number} status
 * @param {unknown} body parsed JSON, or null when there was none.
 */
export function errorFromProblem(status, body) {
  const problem = /** @type {Record<string, unknown>} */ (body && typeof body === "object" ? body : {});
  const { code, detail } = problem;
  return new ApiError(
    status,
    typeof code === "string" ? code : `http_${status}`,
    typeof detail === "string" && detail ? detail : sentenceForStatus(status),
    problem,
  );
}

/**
 * Whether an error only says that a newer request took the place of this one.
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof Error && error.name === "AbortError";
}

/**
 * A sentence for people, whatever was thrown.
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof ApiError ? error.message : "Something went wrong on this page. Reload it.";
}
