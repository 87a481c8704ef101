/** What a bot runs, as text. Pure. */

/** @typedef {import("../../core/events.js").Firmware} Firmware */

/**
 * @param {Firmware} firmware
 * @returns {string} for example “Blink r12 · newest r14, 3 lines differ”.
 */
export function firmwareText(firmware) {
  const { kind, name, version } = firmware.running;
  switch (kind) {
    case "revision":
      return `${name} ${version}${newestText(firmware)}`;
    case "release":
      return `${name} ${version}`;
    case "foreign":
      return version ? `not from this server; it calls itself “${version}”` : "not from this server";
    default:
      return "unknown";
  }
}

/** @param {Firmware} firmware */
function newestText({ running, newest_revision: newest, changed_lines: lines }) {
  if (newest === null || running.revision === null) return "";
  return newest === running.revision ? " · newest" : ` · newest r${newest}${differenceText(lines)}`;
}

/** @param {number | null} lines */
function differenceText(lines) {
  if (lines === null) return "";
  return lines === 1 ? ", 1 line differs" : `, ${lines || "no"} lines differ`;
}
