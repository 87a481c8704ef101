/** How it stands with a bot's key, and what a new one means, in words. The key itself is never shown. */

import { connectivityOf } from "./connectivity.js";
import { timeText } from "../../core/format.js";

/** @typedef {Pick<import("../../core/events.js").Device, "credential" | "credential_since" | "last_seen_at" | "poll_after_s">} Keyed */

const HANDED_ONLINE = "The bot is online and gets it at its next call";
const HANDED_OFFLINE = "The bot is not online: it gets it when it calls next, or with the next flash by wire";

/** @param {Keyed} device @param {number} nowMs */
const handing = (device, nowMs) => (connectivityOf(device, nowMs) === "online" ? HANDED_ONLINE : HANDED_OFFLINE);

/**
 * @param {Keyed} device
 * @param {number} [nowMs]
 * @returns {{pill: string, tone: "in_sync" | "pending" | "error", text: string}}
 */
export function keyStory(device, nowMs = Date.now()) {
  switch (device.credential) {
    case "renewed":
      return { pill: "new key waiting", tone: "pending", text: `${handing(device, nowMs)}. Until it uses the new key, the old one holds.` };
    case "by_wire":
      return {
        pill: "new key in a file",
        tone: "pending",
        text: "The file for the flash by wire holds it. Until the bot uses the new key, the old one holds. You gave the flash up? “New key” makes the file worthless.",
      };
    case "revoked":
      return {
        pill: "shut out",
        tone: "error",
        text: "Nothing that calls by this bot's name is believed. A flash by wire lets the bot in again.",
      };
    default:
      return { pill: "in use", tone: "in_sync", text: `The bot and this server share a key that nobody sees. It proves each call.${since(device, nowMs)}` };
  }
}

/** @param {Keyed} device @param {number} nowMs */
function since({ credential_since: time }, nowMs) {
  return time ? ` This one is in use since ${timeText(time, new Date(nowMs))}.` : "";
}

/**
 * What to ask before a new key is made.
 * @param {Keyed} device
 * @param {number} [nowMs]
 */
export function renewQuestion(device, nowMs = Date.now()) {
  const files = device.credential === "by_wire" ? " The file you made is worthless then; a bot flashed with it must be flashed again." : "";
  const text = device.credential === "revoked"
    ? "The bot stays shut out until you flash it by wire with the new key. Files you made before become worthless."
    : `${handing(device, nowMs)}. Until then the old one holds.${files}`;
  return { title: "Make a new key?", text, yes: "New key" };
}
