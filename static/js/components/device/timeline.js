/**
 * The way of a sketch to a bot, as one line: saved → built → armed → asked → downloading → restarting → running.
 * Pure: rows in, words out.
 */

import { bytesText } from "../../core/format.js";
import { buildFault, errorAdvice, stageText } from "../build/labels.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").Update} Update */
/** @typedef {"done" | "now" | "next" | "failed"} StepState */
/** @typedef {{key: string, label: string, state: StepState, detail: string}} Step */
/** @typedef {"idle" | "busy" | "good" | "bad"} Tone */
/** @typedef {{tone: Tone, sentence: string, advice: string}} Story */
/** @typedef {Story & {steps: Step[]}} Chain */

/**
 * What the page knows.
 * @typedef {object} Facts
 * @property {string} saveState state of the autosave.
 * @property {number} revision newest saved revision of the sketch.
 * @property {Build | undefined} build newest build of the sketch.
 * @property {Update | undefined} update newest update of the chosen bot.
 * @property {string} bot product id of the chosen bot; empty without one.
 * @property {string} [running] digest of the image that the chosen bot runs.
 */

const KEYS = ["saved", "built", "armed", "asked", "downloading", "restarting", "running"];
const ENDED = new Set(["confirmed", "failed", "timed_out", "rolled_back", "cancelled", "superseded", "incompatible"]);
const CALLED_OFF = new Set(["cancelled", "superseded"]);
const WAITING = new Set(["scheduled", "armed"]);
const CANCELLABLE = new Set(["scheduled", "armed", "offered"]);
const FORMER = "former";
/** @type {Record<string, string>} */
const TRIGGERS = { button: "by its button", poll: "by its poll", boot: "when it started" };

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
 * @returns {Chain}
 */
export function chainOf(facts) {
  const { update } = facts;
  return update && tellsUpdate(update, facts) ? updateChain(update, facts.running) : buildChain(facts);
}

/**
 * Whether the update is what matters now. One that the bot has begun always is; one that waits is while it is of
 * this build; one that ended is while the sketch is what it was.
 * @param {Update} update
 * @param {Facts} facts
 */
function tellsUpdate(update, { build, revision, saveState }) {
  const isOfBuild = update.release.build_id === build?.id;
  if (isOpen(update)) return isOfBuild || !WAITING.has(update.state);
  const hasMoved = saveState !== "saved" || (build !== undefined && build.sketch_revision < revision);
  return isOfBuild && !hasMoved && !CALLED_OFF.has(update.state);
}

/**
 * Seven steps: all before `at` are done, all after it are still to come.
 * @param {number} at
 * @param {StepState} state state of the step `at`.
 * @param {Record<string, string>} details text beside a step.
 * @returns {Step[]}
 */
function stepsAt(at, state, details = {}) {
  return KEYS.map((key, index) => ({
    key,
    label: key,
    state: index < at ? "done" : index === at ? state : "next",
    detail: details[key] ?? "",
  }));
}

/**
 * @param {Facts} facts
 * @returns {Chain}
 */
function buildChain({ saveState, revision, build, bot }) {
  if (saveState !== "saved") return waitingForSave(saveState, Boolean(build));
  if (!build || build.sketch_revision < revision) return waitingForBuild(Boolean(build));
  if (build.state === "succeeded") return waitingForSend(build, bot);
  if (build.state === "queued" || build.state === "running") {
    const detail = build.state === "queued" ? "in the queue" : stageText(build.stage);
    return { steps: stepsAt(1, "now"), tone: "busy", sentence: `Building: ${detail}.`, advice: "" };
  }
  const { what, advice } = buildFault(build);
  const tone = build.state === "cancelled" ? "idle" : "bad";
  return { steps: stepsAt(1, "failed"), tone, sentence: `${what}.`, advice };
}

/** @type {Record<string, [string, string]>} */
const UNSAVED = {
  offline: ["Not on the server yet; kept in this browser.", "It is saved as soon as the server answers."],
  conflict: ["There is a newer revision of this sketch.", "Compare both and choose."],
  refused: ["The server does not accept the last change.", "Look beside the sketch's name for the reason."],
};

/**
 * @param {string} saveState
 * @param {boolean} again whether there was a build before.
 * @returns {Chain}
 */
function waitingForSave(saveState, again) {
  const plain = again ? "The sketch has changed since its last build." : "Nothing is built yet.";
  const [sentence, advice] = UNSAVED[saveState] ?? [plain, "Press Compile."];
  return { steps: stepsAt(0, "now"), tone: saveState === "refused" ? "bad" : "idle", sentence, advice };
}

/** @param {boolean} again whether there was a build before. */
function waitingForBuild(again) {
  const sentence = again ? "The sketch has changed since its last build." : "Nothing is built yet.";
  return { steps: stepsAt(1, "next"), tone: /** @type {Tone} */ ("idle"), sentence, advice: "Press Compile." };
}

/**
 * @param {Build} build
 * @param {string} bot
 * @returns {Chain}
 */
function waitingForSend(build, bot) {
  const size = build.image_bytes ? ` (${bytesText(build.image_bytes)})` : "";
  const advice = bot ? `Press “Send to bot” and ${bot} can fetch it.` : "Claim a bot to send it to.";
  return { steps: stepsAt(2, "next"), tone: "idle", sentence: `Built${size}. Not sent to a bot yet.`, advice };
}

/**
 * The chain of an update, from its own state and what the bot runs.
 * @param {Update} update
 * @param {string} [running] digest of the image that the bot runs.
 * @returns {Chain}
 */
export function updateChain(update, running = "") {
  const asked = update.wish === FORMER ? "pressed twice" : TRIGGERS[update.trigger ?? ""] ?? "";
  const percent = percentOf(update);
  const at = stepOf(update);
  const details = { asked: at > 3 ? asked : "", downloading: at === 4 && update.bytes_done > 0 ? `${percent} %` : "" };
  const story = runsAlready(update, running) ? alreadyStory(update) : storyOf(update, percent);
  return { steps: stepsAt(at, markOf(update), { ...details, ...faultDetail(update, at) }), ...story, advice: story.advice || wishText(update) };
}

/** Whether the bot has nothing to fetch: it runs this very image and only has to call. @param {Update} update @param {string} running */
const runsAlready = ({ state, release }, running) => WAITING.has(state) && release.image_digest !== "" && release.image_digest === running;

/** @param {Update} update @returns {Story} */
function alreadyStory({ device_id: bot }) {
  return { tone: "busy", sentence: `${bot} runs this very firmware already.`, advice: "Nothing is downloaded: the update is done when the bot calls next." };
}

/** Nobody sent it: somebody at the bot wanted it back. @param {Update} update */
function wishText({ wish, release }) {
  return wish === FORMER ? `Its button was pressed twice: back to ${release.name} ${release.version}, the last image that held.` : "";
}

/**
 * @param {Update} update
 * @param {number} at
 */
function faultDetail(update, at) {
  /** @type {Record<string, string>} */
  const words = { rolled_back: "rolled back", timed_out: "no answer", failed: "failed", incompatible: "wrong board" };
  return words[update.state] ? { [KEYS[at]]: words[update.state] } : {};
}

/** @param {Update} update @returns {StepState} */
function markOf(update) {
  if (update.state === "confirmed") return "done";
  return isOpen(update) ? "now" : "failed";
}

/**
 * The step an update stands at. An update that ended badly does not say where, so its traces do.
 * @param {Update} update
 * @returns {number} index into KEYS.
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
 * @returns {Story}
 */
function storyOf(update, percent) {
  const bot = update.device_id;
  const busy = (/** @type {string} */ sentence, advice = "") => ({ tone: /** @type {Tone} */ ("busy"), sentence, advice });
  switch (update.state) {
    case "scheduled":
      return busy(`${bot} gets this later, as planned.`);
    case "armed":
      return busy(`Ready for ${bot}. It fetches the firmware when it next asks.`, "Press the trigger button on the bot.");
    case "offered":
      return busy(`${bot} has asked and is about to download.`);
    case "downloading":
      return busy(downloadText(update, percent));
    case "installing":
      return busy(`${bot} has everything and is putting it in place.`);
    case "restarting":
      return busy(`${bot} is restarting with the new sketch.`);
    case "verifying":
      return busy(`${bot} runs the new sketch and is reporting back.`);
    case "confirmed":
      return { tone: "good", sentence: `${bot} is running this sketch.`, advice: "" };
    default:
      return faultStory(update);
  }
}

/**
 * A small image comes in one piece: between nothing and all there is no share to tell, but its size.
 * @param {Update} update
 * @param {number} percent
 */
function downloadText({ device_id: bot, release, bytes_done }, percent) {
  if (bytes_done === 0) return `${bot} is downloading ${bytesText(release.size_bytes)}.`;
  return percent < 100 ? `${bot} is downloading: ${percent} %.` : `All ${bytesText(release.size_bytes)} are sent to ${bot}, which is checking them.`;
}

/**
 * @param {Update} update an update that ended without success.
 * @returns {Story}
 */
function faultStory(update) {
  const bot = update.device_id;
  switch (update.state) {
    case "rolled_back":
      return {
        tone: "bad",
        sentence: `${bot} started the new sketch, it did not hold, and the bot went back to the one before.`,
        advice: "Look for a crash in setup() or for lost Wi-Fi, then compile and send again.",
      };
    case "timed_out":
      return {
        tone: "bad",
        sentence: `${bot} fell silent in the middle of the update.`,
        advice: "Check its power and Wi-Fi, then send again.",
      };
    case "incompatible":
      return {
        tone: "bad",
        sentence: `This firmware is made for another board than ${bot}.`,
        advice: "Choose the bot's own board, compile, and send again.",
      };
    case "cancelled":
      return { tone: "idle", sentence: `You called this off before ${bot} began.`, advice: "Send again when you like." };
    case "superseded":
      return { tone: "idle", sentence: "A newer firmware took its place.", advice: "" };
    default:
      return { tone: "bad", sentence: `${bot} could not take the firmware.`, advice: errorAdvice(update.error) };
  }
}
