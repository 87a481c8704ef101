/** The newest build at a glance: its stage, its clock, its place in the queue, its end. */

import { el, fill, setText, show } from "../../core/dom.js";
import { clockText, durationText, timeText } from "../../core/format.js";
import { icon } from "../../core/icons.js";
import { STAGES, buildError, stageNumber, stageText } from "./labels.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").QueuePlace} QueuePlace */

export class BuildBar {
  constructor() {
    this.mark = el("span", { class: "build-bar__mark", "aria-hidden": "true" });
    this.title = el("p", { class: "build-bar__title" });
    this.clock = el("span", { class: "build-bar__clock" });
    this.progress = el("progress", { class: "progress", max: STAGES.length, "aria-label": "Build progress" });
    this.text = el("p", { class: "build-bar__text" });
    this.element = el(
      "div", { class: "build-bar" },
      el("div", { class: "build-bar__head" }, this.mark, this.title, this.clock), this.progress, this.text,
    );
    /** @type {Build | undefined} */
    this.build = undefined;
    this.set(undefined, undefined, false);
  }

  /**
   * @param {Build | undefined} build
   * @param {QueuePlace | undefined} queue
   * @param {boolean} isReused whether an earlier build answered the request.
   */
  set(build, queue, isReused) {
    this.build = build;
    const isRunning = build?.state === "running";
    const isOpen = isRunning || build?.state === "queued";
    this.element.dataset.tone = toneOf(build);
    fill(this.mark, icon(markOf(build)));
    setText(this.title, titleOf(build));
    setText(this.text, textOf(build, queue, isReused));
    show(this.text, Boolean(this.text.textContent));
    show(this.progress, isOpen);
    if (isRunning) this.progress.value = stageNumber(build?.stage ?? null);
    else this.progress.removeAttribute("value");
    this.tick();
  }

  /** Move the clock; call once a second. */
  tick() {
    const { build } = this;
    const isRunning = build?.state === "running" && build.started_at;
    const isEnded = build?.finished_at && build.started_at;
    if (isRunning) setText(this.clock, clockText((Date.now() - Date.parse(build.started_at ?? "")) / 1000));
    else if (isEnded) setText(this.clock, durationText(secondsOf(build)));
    else setText(this.clock, "");
  }
}

/** @param {Build} build */
function secondsOf(build) {
  return (Date.parse(build.finished_at ?? "") - Date.parse(build.started_at ?? "")) / 1000;
}

/** @param {Build | undefined} build */
function toneOf(build) {
  if (!build) return "quiet";
  if (build.state === "succeeded") return "good";
  if (build.state === "cancelled") return "quiet";
  return build.state === "queued" || build.state === "running" ? "busy" : "bad";
}

/** @param {Build | undefined} build */
function markOf(build) {
  return { good: "check", bad: "warning", busy: "play", quiet: "play" }[toneOf(build)];
}

/** @param {Build | undefined} build */
function titleOf(build) {
  if (!build) return "Not built yet";
  if (build.state === "queued") return "Queued";
  if (build.state === "running") return capital(stageText(build.stage));
  return build.state === "succeeded" ? "Built" : buildError(build).what;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @param {Build | undefined} build
 * @param {QueuePlace | undefined} queue
 * @param {boolean} isReused
 */
function textOf(build, queue, isReused) {
  if (!build) return "Compile checks the sketch and builds the firmware.";
  if (build.state === "queued") return queueText(queue);
  if (build.state === "running") return "";
  if (build.state !== "succeeded") return buildError(build).advice;
  if (isReused) return `Unchanged since the build from ${timeText(build.finished_at ?? build.created_at)}.`;
  return `Revision ${build.sketch_revision}, ${timeText(build.finished_at ?? build.created_at)}.`;
}

/** @param {QueuePlace | undefined} queue */
function queueText(queue) {
  if (!queue) return "";
  const place = queue.position <= 1 ? "Next in the queue" : `Position ${queue.position} in the queue`;
  const estimate = queue.estimate_s === null ? "" : `, done in ${durationText(queue.estimate_s)}`;
  return queue.workers > 0 ? `${place}${estimate}.` : "No compile worker is running. The build starts when one is available.";
}
