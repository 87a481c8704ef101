/** Numbers, times and states in plain words. */

/** @param {number} bytes */
export function bytesText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const kib = bytes / 1024;
  if (kib < 1024) return `${kib < 10 ? kib.toFixed(1) : Math.round(kib)} KiB`;
  return `${(kib / 1024).toFixed(1)} MiB`;
}

/**
 * A share of a whole, never a misleading zero.
 * @param {number} part
 * @param {number} whole above 0.
 */
export function shareText(part, whole) {
  const percent = (part / whole) * 100;
  return percent > 0 && percent < 1 ? "under 1 %" : `${Math.round(percent)} %`;
}

/**
 * A duration on a running clock: `0:07`, `1:02:03`.
 * @param {number} seconds
 */
export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/**
 * A duration in words: `0.4 s`, `12 s`, `about 3 min`.
 * @param {number} seconds
 */
export function durationText(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `about ${Math.round(seconds / 3600)} h`;
  return `about ${Math.round(seconds / 86_400)} days`;
}

/**
 * The time of day, with the date when it is not today.
 * @param {string | number | Date} time
 * @param {Date} [now]
 */
export function timeText(time, now = new Date()) {
  const date = new Date(time);
  const clock = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  if (date.toDateString() === now.toDateString()) return clock;
  return `${date.toLocaleDateString([], { day: "numeric", month: "short" })}, ${clock}`;
}

/**
 * How long ago: `just now`, `5 min ago`.
 * @param {string | null} time
 * @param {Date} [now]
 */
export function agoText(time, now = new Date()) {
  if (!time) return "never";
  const seconds = (now.getTime() - new Date(time).getTime()) / 1000;
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.round(seconds)} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 172_800) return "yesterday";
  return `${Math.round(seconds / 86_400)} days ago`;
}

/**
 * Strength of a radio signal in words.
 * @param {number | null} rssiDbm
 */
export function signalText(rssiDbm) {
  if (rssiDbm === null) return "no radio";
  const word = rssiDbm >= -60 ? "strong" : rssiDbm >= -72 ? "good" : rssiDbm >= -82 ? "weak" : "very weak";
  return `${word} (${rssiDbm} dBm)`;
}
