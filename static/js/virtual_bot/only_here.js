/** One bot runs in one tab: a bot that starts elsewhere in this browser stops the one here. */

const CHANNEL = "airsketch-virtual-bots";

/**
 * @param {string} productId
 * @param {() => void} stop called when another tab has taken the bot over.
 * @returns {() => void} says to the other tabs that the bot runs here now.
 */
export function onlyHere(productId, stop) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (data === productId) stop();
  };
  return () => channel.postMessage(productId);
}
