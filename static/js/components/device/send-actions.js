/** What a person can do between a build and a bot, and why not. Pure. */

import { isCancellable, isOpen } from "./timeline.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").Device} Device */
/** @typedef {import("../../core/events.js").Update} Update */

/**
 * @typedef {object} SendFacts
 * @property {number} revision newest saved revision of the sketch.
 * @property {Build | undefined} build the build that is shown.
 * @property {Update | undefined} update newest update of the bot.
 * @property {Device | undefined} device the chosen bot.
 */

/**
 * @param {SendFacts} facts
 * @returns {{canSend: boolean, isUnderWay: boolean, why: string, canCancel: boolean, isPrimary: boolean}}
 *   `why`: the reason it cannot be sent, or what to know before; `isPrimary`: sending is the next thing to do.
 */
export function sendActions(facts) {
  const { build, update } = facts;
  const error = chipError(facts);
  const ofBuild = update?.release.build_id === build?.id ? update : undefined;
  const isUnderWay = ofBuild !== undefined && isOpen(ofBuild);
  const canSend = isBuilt(build) && !error && !isUnderWay;
  const isPrimary = canSend && ofBuild?.state !== "confirmed";
  return { canSend, isUnderWay, why: error || hint(facts), canCancel: mayCancel(update), isPrimary };
}

/** @param {Build | undefined} build */
const isBuilt = (build) => build?.state === "succeeded";

/** @param {Update | undefined} update */
const mayCancel = (update) => update !== undefined && isCancellable(update);

/** @param {SendFacts} facts */
function chipError({ build, device }) {
  if (build?.state !== "succeeded" || !device?.chip || !build.chip || device.chip === build.chip) return "";
  return `This build is for ${build.chip}; ${device.id} is ${device.chip}. Choose its board and compile again.`;
}

/** @param {SendFacts} facts */
function hint({ build, revision }) {
  if (build?.state !== "succeeded") return "Compile first; then the bot can fetch it.";
  return build.sketch_revision < revision ? `This sends revision ${build.sketch_revision}, the latest one built.` : "";
}
