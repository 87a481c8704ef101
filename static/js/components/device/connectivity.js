/** How lately a bot called, judged as time passes and without asking the server. */

const ONLINE_INTERVALS = 3;
const OVERDUE_INTERVALS = 10;

/** @typedef {"unknown" | "online" | "overdue" | "offline"} Connectivity */

/**
 * The server's rule (domain/devices): two missed check-ins are ordinary, ten are not.
 * @param {{last_seen_at: string | null, poll_after_s: number}} device
 * @param {number} nowMs
 * @returns {Connectivity}
 */
export function connectivityOf(device, nowMs) {
  if (!device.last_seen_at) return "unknown";
  const silentS = (nowMs - Date.parse(device.last_seen_at)) / 1000;
  if (silentS <= device.poll_after_s * ONLINE_INTERVALS) return "online";
  return silentS <= device.poll_after_s * OVERDUE_INTERVALS ? "overdue" : "offline";
}

/** @type {Record<Connectivity, string>} */
export const CONNECTIVITY_LABELS = {
  unknown: "never seen",
  online: "online",
  overdue: "overdue",
  offline: "offline",
};

/** @type {Record<string, string>} */
export const UPDATE_STATUS_LABELS = {
  in_sync: "up to date",
  pending: "update in progress",
  error: "last update failed",
  unknown: "nothing sent yet",
};
