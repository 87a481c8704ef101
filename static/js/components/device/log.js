/** The wireless log of a bot's page: asks for what is kept, then follows the events. */

import { LogView } from "./log-view.js";
import { EventName } from "../../core/events.js";
import { LineRing } from "./line-ring.js";

/** @typedef {import("../../core/events.js").Device} Device */
/** @typedef {import("../../core/events.js").LogLines} LogLines */

/**
 * @param {string} deviceId
 * @param {string} path the bot's address below the API's root.
 * @param {import("../ui/shell.js").Shell} shell
 * @param {(device: Device) => void} apply takes the changed bot.
 * @param {{canSwitch: boolean}} options
 * @returns {{log: LogView, sync: () => Promise<void>}}
 */
export function startLog(deviceId, path, { api, live, attempt }, apply, options) {
  const log = new LogView(options);
  const ring = new LineRing();

  async function sync() {
    /** @type {LogLines | undefined} */
    const whole = await attempt(api.get(`${path}/log`, { replaces: "log" }));
    const lines = whole && ring.restart(whole);
    if (!whole || !lines) return;
    log.restart(lines);
    log.setDropped(whole.dropped);
  }

  /** @param {LogLines} piece */
  function receive(piece) {
    if (piece.device_id !== deviceId) return;
    const outcome = ring.accept(piece);
    if (outcome.kind === "gap") void sync();
    if (outcome.kind === "lines") log.push(outcome.lines);
    log.setDropped(piece.dropped);
  }

  /** @param {boolean} send */
  async function change(send) {
    const device = await attempt(api.put(`${path}/log`, { send }));
    if (device) apply(device);
    else log.input.checked = !send;
  }

  live.on(EventName.DEVICE_LOG, receive);
  log.addEventListener("send", (event) => void change(/** @type {CustomEvent} */ (event).detail));
  return { log, sync };
}
