/** Permanent words of the API in words for people. */

/** @typedef {import("../../core/events.js").Build} Build */

/** Stages of a build in the order in which they come. @type {[string, string][]} */
export const STAGES = [
  ["preparing", "preparing"],
  ["detecting_libraries", "finding libraries"],
  ["generating_prototypes", "reading the sketch"],
  ["compiling_sketch", "compiling the sketch"],
  ["compiling_libraries", "compiling libraries"],
  ["compiling_core", "compiling the core"],
  ["linking", "linking"],
  ["checking_image", "checking the firmware"],
  ["storing", "saving"],
];

/** @param {string | null} stage */
export function stageText(stage) {
  return STAGES.find(([key]) => key === stage)?.[1] ?? "starting";
}

/**
 * How far a running build is, for a bar: the number of its stage, 1 to 9.
 * @param {string | null} stage
 */
export function stageNumber(stage) {
  return STAGES.findIndex(([key]) => key === stage) + 1;
}

/** @type {Record<string, string>} */
export const BUILD_STATES = {
  queued: "queued",
  running: "building",
  succeeded: "built",
  failed: "failed",
  timed_out: "timed out",
  cancelled: "stopped",
  lost: "lost",
};

/** @param {string} state */
export const buildStateText = (state) => BUILD_STATES[state] ?? state;

/** @type {Record<string, [string, string]>} */
export const FAILURES = {
  compile_error: ["The compiler found errors", "They are listed under Problems; select one to go to its line."],
  link_error: ["Linker error: a name is undefined or defined twice", "Check function names and which libraries are included."],
  too_big: ["The sketch is too big for the bot", "Remove libraries or large tables."],
  out_of_memory: ["The compiler ran out of memory", "Look for runaway templates or huge includes."],
  output_flood: ["The compiler produced too much output", "Look at the first messages; an include may be recursive."],
  disk_full: ["The server is out of disk space", "Try again later, or contact the server administrator."],
  bad_image: ["The firmware failed verification", "Compile again; if the problem persists, contact the server administrator."],
  toolchain: ["The compiler could not start", "Contact the server administrator; your sketch is safe."],
  internal: ["Internal server error", "Compile again; your sketch is safe."],
};

/**
 * Why a build ended without success.
 * @param {Build} build
 * @returns {{what: string, advice: string}}
 */
export function buildError(build) {
  if (build.state === "cancelled") return { what: "Stopped", advice: "Compile again whenever you like." };
  if (build.state === "timed_out") {
    return { what: "The build timed out", advice: build.message || "Make the sketch smaller, or try again." };
  }
  if (build.state === "lost") return { what: "The compile worker stopped", advice: "Compile again; your sketch is safe." };
  const [what, advice] = FAILURES[build.reason ?? ""] ?? ["The build failed", "See the console."];
  return { what, advice: build.message || advice };
}

/** What went wrong with an update, and what to do. @type {Record<string, string>} */
export const UPDATE_ERRORS = {
  bad_signature: "The bot could not verify the server's answer. It may have a different key: flash it over USB again.",
  wrong_board: "The firmware is for a different board. Choose the bot's board, compile and send again.",
  wrong_size: "The download had the wrong length. Send again.",
  wrong_digest: "The download was corrupted. Send again.",
  too_big: "The firmware is larger than the bot's slot. Make the sketch smaller.",
  flash_write: "The bot could not write to its flash. Restart it, then send again.",
  no_space: "The bot is out of space. Make the sketch smaller.",
  connection: "The connection dropped too often. Move the bot closer to the router, then send again.",
  refused_by_sketch: "The sketch on the bot postponed the update. Send again when it is ready.",
  other: "Send again. If the problem persists, restart the bot.",
  rolled_back: "Look for a crash in setup() or a lost Wi-Fi connection, then compile and send again.",
  never_fetched: "The bot checked in, but never started the download. Check its power and Wi-Fi, then send again.",
  silent_downloading: "The bot stopped responding during the download. Check its power and Wi-Fi, then send again.",
  silent_installing: "The bot stopped responding while installing. Check its power, then send again.",
  silent_restarting: "The bot restarted and has not checked in since. Check its power and Wi-Fi, then send again.",
  silent_verifying: "The new sketch started, but never checked in. Check its power and Wi-Fi, then send again.",
};

/** What the bot itself said, by code. @type {Record<string, string>} */
const DETAILS = { rolled_back: "Reset reason", wrong_board: "The bot's board" };

/** @param {import("../../core/events.js").Update["error"]} error why an update failed; null if it did not, or nobody knows. */
export function errorAdvice(error) {
  if (!error) return UPDATE_ERRORS.other;
  const advice = UPDATE_ERRORS[error.code] ?? UPDATE_ERRORS.other;
  return error.detail ? `${advice} ${DETAILS[error.code] ?? "The bot reported"}: ${error.detail}.` : advice;
}

/** @type {Record<string, string>} */
export const UPDATE_STATES = {
  scheduled: "scheduled",
  armed: "waiting for the bot",
  offered: "checked in",
  downloading: "downloading",
  installing: "installing",
  restarting: "restarting",
  verifying: "verifying",
  confirmed: "running",
  failed: "failed",
  timed_out: "timed out",
  rolled_back: "rolled back",
  cancelled: "cancelled",
  superseded: "replaced by a newer update",
  incompatible: "wrong board",
};

/** @param {string} state */
export const updateStateText = (state) => UPDATE_STATES[state] ?? state;

/**
 * Whether an ended state is good, bad or neither; the colour of a badge.
 * @param {string} state of a build or an update.
 * @returns {"good" | "bad" | "busy" | "quiet"}
 */
export function toneOf(state) {
  if (state === "succeeded" || state === "confirmed") return "good";
  if (["failed", "timed_out", "lost", "rolled_back", "incompatible"].includes(state)) return "bad";
  return ["cancelled", "superseded"].includes(state) ? "quiet" : "busy";
}
