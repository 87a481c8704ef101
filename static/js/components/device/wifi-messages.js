/** How it stands with the Wi-Fi of a bot, in words. The network's name is never part of them: no page knows it. */

/** @typedef {Pick<import("../../core/events.js").Device, "network_is_set" | "network_revision" | "network_revision_used" |
 *   "network_failed_revision" | "network_trouble">} Networked */

/** What went wrong, and what to do. @type {Record<string, [string, string]>} */
const TROUBLES = {
  wrong_password: ["wrong password", "Enter the password again."],
  no_such_network: [
    "no such network is in its reach",
    "Check the name letter by letter, and whether the network is on 2.4\u00a0GHz; then enter it again.",
  ],
  no_address: ["the network gave it no address", "Look at the router: does it let new devices in? Then press the bot's trigger button."],
  captive_portal: ["the network wants somebody to log in on a web page first", "A bot cannot do that. Choose another network."],
  server_silent: ["it joined, but this server did not answer from there", "Choose a network from which this server can be reached."],
};

/**
 * @param {Networked} device
 * @returns {{text: string, advice: string, tone: "" | "bad"}}
 */
export function networkStory(device) {
  const { network_is_set: isSet, network_revision: wanted, network_revision_used: used } = device;
  if (!isSet) return { text: "Nothing set here yet.", advice: "", tone: "" };
  if (used >= wanted) return { text: `Set, revision ${wanted}, in use by the bot.`, advice: "", tone: "" };
  if (device.network_failed_revision !== wanted)
    return { text: `Set, revision ${wanted}, waiting for the bot to fetch it.`, advice: "", tone: "" };
  const [what, advice] = TROUBLES[device.network_trouble ?? ""] ?? ["it did not work", "Enter the settings again."];
  return { text: `The bot could not join the new network (revision ${wanted}): ${what}. It stays in its old one.`, advice, tone: "bad" };
}
