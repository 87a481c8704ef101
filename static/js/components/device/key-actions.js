/** A new key for a bot, or none: asked for after a question. */

import { confirmDialog } from "../ui/dialog.js";
import { renewQuestion } from "./key-messages.js";

/** @typedef {import("../../core/events.js").Device} Device */

const REVOKE = {
  title: "Revoke this bot's access?",
  text: "This bot's requests will be rejected. Only a flash over USB restores its access.",
  yes: "Revoke",
  danger: true,
};

/**
 * Carry out what the panel of keys is pressed for.
 * @param {import("./key-panel.js").KeyPanel} keys
 * @param {string} path the bot's address below the API's root.
 * @param {import("../ui/shell.js").Shell} shell
 * @param {(device: Device) => void} apply takes the changed bot.
 */
export function bindKeys(keys, path, { api, attempt }, apply) {
  /** @param {object} question @param {() => Promise<Device>} work */
  const change = async (question, work) => {
    const sure = await confirmDialog(/** @type {typeof REVOKE} */ (question));
    const device = sure ? await attempt(work()) : undefined;
    if (device) apply(device);
  };
  keys.addEventListener("renew", () => {
    if (keys.device) void change(renewQuestion(keys.device), () => api.post(`${path}/key`));
  });
  keys.addEventListener("revoke", () => void change(REVOKE, () => api.send("DELETE", `${path}/key`)));
}
