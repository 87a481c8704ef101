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
  ["checking_image", "checking the image"],
  ["storing", "storing"],
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
const BUILD_STATES = {
  queued: "waiting",
  running: "building",
  succeeded: "built",
  failed: "failed",
  timed_out: "took too long",
  cancelled: "stopped",
  lost: "lost",
};

/** @param {string} state */
export const buildStateText = (state) => BUILD_STATES[state] ?? state;

/** @type {Record<string, [string, string]>} */
const FAILURES = {
  compile_error: ["The compiler found errors", "They are listed under Problems; each leads to its line."],
  link_error: ["Something is used but not there", "Check the names of functions and which libraries are included."],
  too_big: ["The sketch does not fit the bot", "Leave out libraries or large tables."],
  out_of_memory: ["The compiler ran out of memory", "Look for endless templates or huge includes."],
  output_flood: ["The compiler wrote too much", "Look at the first messages; an include may go round in circles."],
  disk_full: ["There was no room on the server", "Try again in a while, or tell who runs the server."],
  bad_image: ["The firmware did not pass its check", "Compile again; if it stays so, tell who runs the server."],
  toolchain: ["The compiler could not start", "Tell who runs the server; your sketch is safe."],
  internal: ["The server made a mistake", "Compile again; your sketch is safe."],
};

/**
 * Why a build ended without success.
 * @param {Build} build
 * @returns {{what: string, advice: string}}
 */
export function buildFault(build) {
  if (build.state === "cancelled") return { what: "Stopped", advice: "Compile again when you like." };
  if (build.state === "timed_out") {
    return { what: "The compiler took too long", advice: build.message || "Make the sketch smaller, or try again." };
  }
  if (build.state === "lost") return { what: "The worker went away", advice: "Compile again; your sketch is safe." };
  const [what, advice] = FAILURES[build.reason ?? ""] ?? ["The build failed", "Look at the console."];
  return { what, advice: build.message || advice };
}

/** @type {Record<string, string>} */
const UPDATE_ERRORS = {
  bad_signature: "The bot did not trust the answer. It may hold another key: flash it by wire once more.",
  wrong_board: "The firmware is for another board. Choose the bot's board, compile and send again.",
  wrong_size: "The download had the wrong length. Send again.",
  wrong_digest: "The download was damaged on its way. Send again.",
  too_big: "The firmware is larger than the bot's slot. Make the sketch smaller.",
  flash_write: "The bot could not write its flash. Restart it, then send again.",
  no_space: "The bot has no room for it. Make the sketch smaller.",
  connection: "The connection broke too often. Move the bot nearer to the Wi-Fi, then send again.",
  refused_by_sketch: "The sketch on the bot asked to wait. Send again when it is ready.",
};

/** @param {string} error an error word of an update; may be empty. */
export function errorAdvice(error) {
  return UPDATE_ERRORS[error] ?? "Send again. If it stays so, restart the bot.";
}

/** @type {Record<string, string>} */
const UPDATE_STATES = {
  scheduled: "planned",
  armed: "waiting for the bot",
  offered: "asked",
  downloading: "downloading",
  installing: "putting in place",
  restarting: "restarting",
  verifying: "reporting back",
  confirmed: "running",
  failed: "failed",
  timed_out: "fell silent",
  rolled_back: "rolled back",
  cancelled: "called off",
  superseded: "replaced by a newer one",
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
