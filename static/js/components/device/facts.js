/** What is known of one bot. */

import { CONNECTIVITY_WORDS, UPDATE_STATUS_WORDS, connectivityOf } from "./connectivity.js";
import { el, fill } from "../../core/dom.js";
import { agoText, bytesText, durationText, signalText } from "../../core/format.js";

/** @typedef {import("../../core/events.js").Device} Device */

/** @type {Record<string, string>} */
const BOOTS = { normal: "normal", rescue: "rescue (the sketch was not started)", rolled_back: "went back to the image before" };

export class DeviceFacts {
  constructor() {
    this.pills = el("p", { class: "pills", role: "status" });
    this.list = el("dl", { class: "facts" });
    this.element = el("div", {}, this.pills, this.list);
  }

  /** @param {Device} device */
  set(device) {
    const state = connectivityOf(device, Date.now());
    const pills = `${state} ${device.update_status}`;
    if (this.pills.dataset.shown !== pills) {
      this.pills.dataset.shown = pills;
      fill(
        this.pills,
        el("span", { class: `pill pill--${state}` }, CONNECTIVITY_WORDS[state]),
        el("span", { class: `pill pill--${device.update_status}` }, UPDATE_STATUS_WORDS[device.update_status] ?? device.update_status),
      );
    }
    fill(this.list, ...rowsOf(device).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }
}

/**
 * @param {Device} device
 * @returns {[string, string][]}
 */
function rowsOf(device) {
  /** @type {[string, string][]} */
  const always = [
    ["Last seen", agoText(device.last_seen_at)],
    ["Calls every", durationText(device.poll_after_s)],
  ];
  if (!device.last_seen_at) return always;
  return [
    ...always,
    ["Board", device.board || "not known"],
    ["Version", device.version || "not known"],
    ["Image", device.image_digest ? device.image_digest.slice(0, 12) : "not known"],
    ["Slot", device.slot || "not known"],
    ["Last start", [BOOTS[device.boot ?? ""] ?? "not known", device.reset_reason].filter(Boolean).join(", ")],
    ["Running for", uptimeText(device)],
    ["Free memory", device.free_heap_bytes ? bytesText(device.free_heap_bytes) : "not known"],
    ["Signal", signalText(device.rssi_dbm)],
  ];
}

/** While a bot is online its clock goes on between two calls. @param {Device} device */
function uptimeText(device) {
  const now = Date.now();
  const since = (now - Date.parse(device.last_seen_at ?? "")) / 1000;
  return connectivityOf(device, now) === "online" ? durationText(device.uptime_s + Math.max(0, since)) : "not known";
}
