/** What is known of one bot. */

import { CONNECTIVITY_LABELS, UPDATE_STATUS_LABELS, connectivityOf } from "./connectivity.js";
import { el, fill } from "../../core/dom.js";
import { firmwareText } from "./firmware-messages.js";
import { agoText, bytesText, durationText, signalText } from "../../core/format.js";

/** @typedef {import("../../core/events.js").Device} Device */

/** @type {Record<string, string>} */
export const BOOTS = { normal: "normal", rescue: "rescue mode (sketch not started)", rolled_back: "rolled back to the previous firmware" };

export class DeviceFacts {
  constructor() {
    this.pills = el("p", { class: "pills", role: "status" });
    this.list = el("dl", { class: "facts" });
    this.element = el("div", {}, this.pills, this.list);
  }

  /**
   * @param {Device} device
   * @param {import("../../core/events.js").Firmware} [firmware] what it runs, once that is known.
   */
  set(device, firmware) {
    const state = connectivityOf(device, Date.now());
    const pills = `${state} ${device.update_status}`;
    if (this.pills.dataset.shown !== pills) {
      this.pills.dataset.shown = pills;
      fill(
        this.pills,
        el("span", { class: `pill pill--${state}` }, CONNECTIVITY_LABELS[state]),
        el("span", { class: `pill pill--${device.update_status}` }, UPDATE_STATUS_LABELS[device.update_status] ?? device.update_status),
      );
    }
    fill(this.list, ...rowsOf(device, firmware).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }
}

/**
 * @param {Device} device
 * @param {import("../../core/events.js").Firmware | undefined} firmware
 * @returns {[string, string][]}
 */
function rowsOf(device, firmware) {
  /** @type {[string, string][]} */
  const always = [
    ["Last seen", agoText(device.last_seen_at)],
    ["Checks in every", durationText(device.poll_after_s)],
  ];
  if (!device.last_seen_at) return always;
  return [
    ...always,
    ["Board", device.board || "unknown"],
    ["Firmware", firmware ? firmwareText(firmware) : "unknown"],
    ["Firmware digest", device.image_digest ? device.image_digest.slice(0, 12) : "unknown"],
    ["Slot", device.slot || "unknown"],
    ["Last boot", [BOOTS[device.boot ?? ""] ?? "unknown", device.reset_reason].filter(Boolean).join(", ")],
    ["Uptime", uptimeText(device)],
    ["Free memory", device.free_heap_bytes ? bytesText(device.free_heap_bytes) : "unknown"],
    ["Wi-Fi signal", signalText(device.rssi_dbm)],
  ];
}

/** While a bot is online its clock goes on between two calls. @param {Device} device */
function uptimeText(device) {
  const now = Date.now();
  const since = (now - Date.parse(device.last_seen_at ?? "")) / 1000;
  return connectivityOf(device, now) === "online" ? durationText(device.uptime_s + Math.max(0, since)) : "unknown";
}
