/**
 * The path of a sketch to a bot, as one line: Save → Build → Ready → Check-in → Download → Restart → Run.
 * Pure: rows in, words out.
 */

import { bytesText } from "../../core/format.js";
import { buildError, errorAdvice, stageText } from "../build/labels.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").Firmware} Firmware */
/** @typedef {import("../../core/events.js").Update} Update */
/** @typedef {"done" | "now" | "next" | "failed"} StepState */
/** @typedef {{label: string, state: StepState, detail: string}} Step */
/** @typedef {"idle" | "busy" | "good" | "bad"} Tone */
/** @typedef {{tone: Tone, sentence: string, advice: string}} Summary */
/** @typedef {Summary & {steps: Step[]}} Timeline */

/**
 * What the page knows.
 * @typedef {object} Facts
 * @property {string} saveState state of the autosave.
 * @property {number} revision newest saved revision of the sketch.
 * @property {Build | undefined} build newest build of the sketch.
 * @property {Update | undefined} update newest update of the chosen bot.
 * @property {string} bot product id of the chosen bot; empty without one.
 * @property {string} [running] digest of the image that the chosen bot runs.
 * @property {Firmware} [firmware] what that is, once it is known.
 */

const STEPS = ["Save", "Build", "Ready", "Check-in", "Download", "Restart", "Run"];
const ENDED = new Set(["confirmed", "failed", "timed_out", "rolled_back", "cancelled", "superseded", "incompatible"]);
const WITHDRAWN = new Set(["cancelled", "superseded"]);
const WAITING = new Set(["scheduled", "armed"]);
const CANCELLABLE = new Set(["scheduled", "armed", "offered"]);
/** @type {Record<string, string>} */
export const TRIGGERS = { button: "button pressed", poll: "scheduled", boot: "at startup" };

/** @param {{state: string}} update */
export const isOpen = (update) => !ENDED.has(update.state);

/** @param {{state: string}} update */
export const isCancellable = (update) => CANCELLABLE.has(update.state);

/** @param {Update} update */
export function percentOf(update) {
  if (update.release.size_bytes <= 0) return 0;
  return Math.min(100, Math.floor((update.bytes_done / update.release.size_bytes) * 100));
}

/**
 * @param {Facts} facts
 * @returns {Timeline}
 */
export function timelineOf(facts) {
  const { update } = facts;
  return update && isUpdateShown(update, facts) ? updateTimeline(update, facts.running) : withRunning(buildTimeline(facts), facts);
}

/**
 * Beside the last step: the revision of this sketch that the bot runs until it gets the next one.
 * @param {Timeline} timeline
 * @param {Facts} facts
 * @returns {Timeline}
 */
function withRunning(timeline, { firmware, build }) {
  const { kind, sketch_id: sketchId, version } = firmware?.running ?? {};
  if (kind !== "revision" || !sketchId || sketchId !== build?.sketch_id) return timeline;
  const steps = timeline.steps.map((step, index) => (index === STEPS.length - 1 ? { ...step, detail: `${version} now` } : step));
  return { ...timeline, steps };
}

/**
 * Whether the update is what matters now. One that the bot has begun always is; one that waits is while it is of
 * this build; one that ended is while the sketch is what it was.
 * @param {Update} update
 * @param {Facts} facts
 */
function isUpdateShown(update, { build, revision, saveState }) {
  const isOfBuild = update.release.build_id === build?.id;
  if (isOpen(update)) return isOfBuild || !WAITING.has(update.state);
  const hasMoved = saveState !== "saved" || (build !== undefined && build.sketch_revision < revision);
  return isOfBuild && !hasMoved && !WITHDRAWN.has(update.state);
}

/**
 * Seven steps: all before `at` are done, all after it are still to come.
 * @param {number} at
 * @param {StepState} state state of the step `at`.
 * @param {Record<string, string>} details text next to a step.
 * @returns {Step[]}
 */
function stepsAt(at, state, details = {}) {
  return STEPS.map((label, index) => ({
    label,
    state: index < at ? "done" : index === at ? state : "next",
    detail: details[label] ?? "",
  }));
}

/**
 * @param {Facts} facts
 * @returns {Timeline}
 */
function buildTimeline({ saveState, revision, build, bot }) {
  if (saveState !== "saved") return waitingForSave(saveState, Boolean(build));
  if (!build || build.sketch_revision < revision) return waitingForBuild(Boolean(build));
  if (build.state === "succeeded") return waitingForSend(build, bot);
  if (build.state === "queued" || build.state === "running") {
    const sentence = build.state === "queued" ? "Waiting in the build queue." : `Building: ${stageText(build.stage)}.`;
    return { steps: stepsAt(1, "now"), tone: "busy", sentence, advice: "" };
  }
  const { what, advice } = buildError(build);
  const tone = build.state === "cancelled" ? "idle" : "bad";
  return { steps: stepsAt(1, "failed"), tone, sentence: `${what}.`, advice };
}

/** @type {Record<string, [string, string]>} */
const UNSAVED = {
  offline: ["Not saved on the server yet; kept in this browser.", "It will be saved when the server is reachable again."],
  conflict: ["There is a newer revision of this sketch.", "Compare both and choose."],
  refused: ["The server rejected the last change.", "The reason is shown next to the sketch's name."],
};

/**
 * @param {string} saveState
 * @param {boolean} again whether there was a build before.
 * @returns {Timeline}
 */
function waitingForSave(saveState, again) {
  const plain = again ? "The sketch has changed since the last build." : "Not built yet.";
  const [sentence, advice] = UNSAVED[saveState] ?? [plain, "Press Compile."];
  return { steps: stepsAt(0, "now"), tone: saveState === "refused" ? "bad" : "idle", sentence, advice };
}

/** @param {boolean} again whether there was a build before. */
function waitingForBuild(again) {
  const sentence = again ? "The sketch has changed since the last build." : "Not built yet.";
  return { steps: stepsAt(1, "next"), tone: /** @type {Tone} */ ("idle"), sentence, advice: "Press Compile." };
}

/**
 * @param {Build} build
 * @param {string} bot
 * @returns {Timeline}
 */
function waitingForSend(build, bot) {
  const size = build.image_bytes ? ` (${bytesText(build.image_bytes)})` : "";
  const advice = bot ? `Press “Send to bot” so that ${bot} can fetch it.` : "Claim a bot to send it to.";
  return { steps: stepsAt(2, "next"), tone: "idle", sentence: `Built${size}. Not sent to a bot yet.`, advice };
}

/**
 * The timeline of an update, from its own state and what the bot runs.
 * @param {Update} update
 * @param {string} [running] digest of the image that the bot runs.
 * @returns {Timeline}
 */
export function updateTimeline(update, running = "") {
  const asked = update.rollback_requested ? "double press" : TRIGGERS[update.trigger ?? ""] ?? "";
  const percent = percentOf(update);
  const at = stepOf(update);
  const details = { "Check-in": at > 3 ? asked : "", Download: at === 4 && update.bytes_done > 0 ? `${percent} %` : "" };
  const summary = alreadyRuns(update, running) ? alreadyRunsSummary(update) : summaryOf(update, percent);
  return { steps: stepsAt(at, markOf(update), { ...details, ...errorDetail(update, at) }), ...summary, advice: summary.advice || rollbackText(update) };
}

/** Whether the bot has nothing to fetch: it runs this very image and only has to call. @param {Update} update @param {string} running */
const alreadyRuns = ({ state, release }, running) => WAITING.has(state) && release.image_digest !== "" && release.image_digest === running;

/** @param {Update} update @returns {Summary} */
function alreadyRunsSummary({ device_id: bot }) {
  return { tone: "busy", sentence: `${bot} already runs this firmware.`, advice: "Nothing to download: the update completes at the bot's next check-in." };
}

/** Nobody sent it: somebody at the bot wanted it back. @param {Update} update */
function rollbackText({ rollback_requested: isRollback, release }) {
  return isRollback ? `Rollback requested with a double press: back to ${release.name} ${release.version}, the last confirmed firmware.` : "";
}

/**
 * @param {Update} update
 * @param {number} at
 */
function errorDetail(update, at) {
  /** @type {Record<string, string>} */
  const words = { rolled_back: "rolled back", timed_out: "timed out", failed: "failed", incompatible: "wrong board" };
  return words[update.state] ? { [STEPS[at]]: words[update.state] } : {};
}

/** @param {Update} update @returns {StepState} */
function markOf(update) {
  if (update.state === "confirmed") return "done";
  return isOpen(update) ? "now" : "failed";
}

/**
 * The step an update stands at. An update that ended badly does not say where, so its traces do.
 * @param {Update} update
 * @returns {number} index into STEPS.
 */
function stepOf(update) {
  /** @type {Record<string, number>} */
  const known = {
    scheduled: 2, armed: 3, offered: 4, downloading: 4, installing: 5, restarting: 5, verifying: 6,
    confirmed: 6, rolled_back: 6, incompatible: 3, cancelled: 2, superseded: 2,
  };
  if (update.state in known) return known[update.state];
  if (!update.offered_at) return 3;
  return update.bytes_done >= update.release.size_bytes ? 5 : 4;
}

/**
 * @param {Update} update
 * @param {number} percent
 * @returns {Summary}
 */
function summaryOf(update, percent) {
  const bot = update.device_id;
  const busy = (/** @type {string} */ sentence, advice = "") => ({ tone: /** @type {Tone} */ ("busy"), sentence, advice });
  switch (update.state) {
    case "scheduled":
      return busy(`Scheduled for ${bot}.`);
    case "armed":
      return busy(`Ready for ${bot}. It downloads the firmware at its next check-in.`, "Press the trigger button on the bot to check in now.");
    case "offered":
      return busy(`${bot} has checked in and is about to download.`);
    case "downloading":
      return busy(downloadText(update, percent));
    case "installing":
      return busy(`${bot} has downloaded the firmware and is installing it.`);
    case "restarting":
      return busy(`${bot} is restarting with the new sketch.`);
    case "verifying":
      return busy(`${bot} has started the new sketch and is verifying it.`);
    case "confirmed":
      return { tone: "good", sentence: `${bot} is running this sketch.`, advice: "" };
    default:
      return errorSummary(update);
  }
}

/**
 * A small image comes in one piece: between nothing and all there is no share to tell, but its size.
 * @param {Update} update
 * @param {number} percent
 */
function downloadText({ device_id: bot, release, bytes_done }, percent) {
  if (bytes_done === 0) return `${bot} is downloading ${bytesText(release.size_bytes)}.`;
  return percent < 100 ? `${bot} is downloading: ${percent} %.` : `${bot} has received all ${bytesText(release.size_bytes)} and is verifying them.`;
}

/**
 * @param {Update} update an update that ended without success.
 * @returns {Summary}
 */
function errorSummary(update) {
  const bot = update.device_id;
  switch (update.state) {
    case "rolled_back":
      return {
        tone: "bad",
        sentence: `The new sketch failed to start, so ${bot} rolled back.`,
        advice: errorAdvice(update.error),
      };
    case "timed_out":
      return {
        tone: "bad",
        sentence: `${bot} stopped responding during the update.`,
        advice: errorAdvice(update.error),
      };
    case "incompatible":
      return {
        tone: "bad",
        sentence: `This firmware is for a different board than ${bot}.`,
        advice: errorAdvice(update.error),
      };
    case "cancelled":
      return { tone: "idle", sentence: `Cancelled before ${bot} started it.`, advice: "Send again whenever you like." };
    case "superseded":
      return { tone: "idle", sentence: "Replaced by a newer update.", advice: "" };
    default:
      return { tone: "bad", sentence: `${bot} could not install the firmware.`, advice: errorAdvice(update.error) };
  }
}
