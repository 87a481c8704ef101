/** The state of a bot's key, and what a new one means, as text. The key itself is never shown. */

import { connectivityOf } from "./connectivity.js";
import { timeText } from "../../core/format.js";

/** @typedef {Pick<import("../../core/events.js").Device, "credential" | "credential_since" | "last_seen_at" | "poll_after_s">} Keyed */

const DELIVERY_ONLINE = "The bot is online and gets the new key at its next check-in";
const DELIVERY_OFFLINE = "The bot is offline: it gets the new key at its next check-in or the next flash over USB";

/** @param {Keyed} device @param {number} nowMs */
const deliveryText = (device, nowMs) => (connectivityOf(device, nowMs) === "online" ? DELIVERY_ONLINE : DELIVERY_OFFLINE);

/**
 * @param {Keyed} device
 * @param {number} [nowMs]
 * @returns {{pill: string, tone: "in_sync" | "pending" | "error", text: string}}
 */
export function keyStatus(device, nowMs = Date.now()) {
  switch (device.credential) {
    case "renewed":
      return { pill: "new key pending", tone: "pending", text: `${deliveryText(device, nowMs)}. The old key works until then.` };
    case "over_usb":
      return {
        pill: "new key in a file",
        tone: "pending",
        text: "The flash file contains the new key. The old key works until the bot first uses the new one. Flash cancelled? Press “New key”: the file becomes invalid.",
      };
    case "revoked":
      return {
        pill: "revoked",
        tone: "error",
        text: "This bot's requests are rejected. Flash it over USB to restore its access.",
      };
    default:
      return { pill: "in use", tone: "in_sync", text: `The bot and this server share a secret key that signs every request.${since(device, nowMs)}` };
  }
}

/** @param {Keyed} device @param {number} nowMs */
function since({ credential_since: time }, nowMs) {
  return time ? ` In use since ${timeText(time, new Date(nowMs))}.` : "";
}

/**
 * What to ask before a new key is made.
 * @param {Keyed} device
 * @param {number} [nowMs]
 */
export function renewQuestion(device, nowMs = Date.now()) {
  const files = device.credential === "over_usb" ? " The file you made becomes invalid; a bot flashed with it must be flashed again." : "";
  const text = device.credential === "revoked"
    ? "The bot stays locked out until you flash it over USB with the new key. Files you made before become invalid."
    : `${deliveryText(device, nowMs)}. The old key works until then.${files}`;
  return { title: "Create a new key?", text, yes: "New key" };
}
