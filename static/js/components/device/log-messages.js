/** The state of a bot's wireless log, as text. */

/** @typedef {Pick<import("../../core/events.js").Device, "wants_log" | "sends_log" | "last_seen_at">} Logging */

/**
 * Whether the bot is to send its log, as far as the page knows: what the owner wants, else what the bot says.
 * @param {Logging} device
 */
export const isLogWanted = ({ wants_log: wanted, sends_log: sent }) => wanted ?? sent ?? false;

/** @param {Logging} device */
export function logStateText(device) {
  const isWanted = isLogWanted(device);
  if (isWanted === Boolean(device.sends_log)) return isWanted ? "On. New lines appear within seconds." : "Off.";
  const when = device.last_seen_at ? "at its next check-in" : "at its first check-in";
  return isWanted ? `The bot starts sending ${when}.` : `The bot stops sending ${when}.`;
}

/** @param {number} count lines that the bot lost. */
export function droppedText(count) {
  if (count === 0) return "";
  return `${count} ${count === 1 ? "line was" : "lines were"} lost on the bot because the sketch printed faster than they could be sent.`;
}
