/** What every page of a logged-in person has: requests, events, messages, the state of the connection. */

import { ConnectionState } from "./connection-state.js";
import { Notices } from "./notices.js";
import { SessionBar } from "./session-bar.js";
import { bindThemeButton } from "./theme-button.js";
import { pageApi } from "../../core/api.js";
import { need } from "../../core/dom.js";
import { isAbort, messageOf } from "../../core/errors.js";
import { pageLive } from "../../core/live.js";

/**
 * @typedef {object} Shell
 * @property {import("../../core/api.js").Api} api
 * @property {import("../../core/live.js").Live} live
 * @property {Notices} notices
 * @property {<T>(work: Promise<T>) => Promise<T | undefined>} attempt run a request and say what went wrong.
 */

/** @returns {Shell} */
export function startShell() {
  const api = pageApi();
  const live = pageLive();
  const notices = new Notices();
  const connection = new ConnectionState();
  const session = new SessionBar();
  bindThemeButton(need("[data-theme-button]"));
  need("[data-slot=connection]").append(connection.element);
  document.body.append(notices.element);
  need("#main").before(session.element);
  live.addEventListener("state", () => connection.set(live.state));
  api.addEventListener("session-lost", () => session.appear());
  return { api, live, notices, attempt: (work) => attempt(work, notices) };
}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {Notices} notices
 */
async function attempt(work, notices) {
  try {
    return await work;
  } catch (error) {
    if (!isAbort(error)) notices.warn(messageOf(error));
    return undefined;
  }
}
