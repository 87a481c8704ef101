/** The state of a bot's Wi-Fi, as text. The network's name is never part of them: no page knows it. */

/** @typedef {Pick<import("../../core/events.js").Device, "network_is_set" | "network_revision" | "network_revision_used" |
 *   "network_failed_revision" | "network_error">} Networked */

/** What went wrong, and what to do. @type {Record<string, [string, string]>} */
export const NETWORK_ERRORS = {
  wrong_password: ["wrong password", "Enter the password again."],
  no_such_network: [
    "it did not find this network",
    "Check the spelling and whether the network uses 2.4\u00a0GHz, then enter it again.",
  ],
  no_address: ["the router gave it no IP address", "Check whether the router accepts new devices, then press the bot's trigger button."],
  captive_portal: ["the network requires a login on a web page", "Bots cannot do that. Choose another network."],
  server_silent: ["it connected, but could not reach this server", "Choose a network from which this server can be reached."],
};

/**
 * @param {Networked} device
 * @returns {{text: string, advice: string, tone: "" | "bad"}}
 */
export function wifiStatus(device) {
  const { network_is_set: isSet, network_revision: wanted, network_revision_used: used } = device;
  if (!isSet) return { text: "No network set yet.", advice: "", tone: "" };
  if (used >= wanted) return { text: `Saved (revision ${wanted}) and in use by the bot.`, advice: "", tone: "" };
  if (device.network_failed_revision !== wanted)
    return { text: `Saved (revision ${wanted}), waiting for the bot to fetch it.`, advice: "", tone: "" };
  const [what, advice] = NETWORK_ERRORS[device.network_error ?? ""] ?? ["unknown error", "Enter the settings again."];
  return { text: `The bot could not join the new network (revision ${wanted}): ${what}. It stays on the old one.`, advice, tone: "bad" };
}
