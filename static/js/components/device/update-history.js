/** What was sent to a bot, and how it ended. */

import { percentOf } from "./timeline.js";
import { el, fill } from "../../core/dom.js";
import { timeText } from "../../core/format.js";
import { errorAdvice, toneOf, updateStateText } from "../build/labels.js";

/** @typedef {import("../../core/events.js").Update} Update */

export class UpdateHistory {
  constructor() {
    this.element = el("div", { class: "history" });
  }

  /** @param {Update[]} updates newest first. */
  set(updates) {
    const running = updates.find((update) => update.state === "confirmed");
    if (updates.length === 0) {
      fill(this.element, el("p", { class: "empty" }, "Nothing sent to this bot yet. ", el("a", { href: "/sketches" }, "Open a sketch"), ", compile it and press “Send to bot”."));
      return;
    }
    fill(this.element, el("ol", { class: "history__list" }, ...updates.map((update) => row(update, update === running))));
  }
}

/**
 * @param {Update} update
 * @param {boolean} isRunning whether it is the last that held.
 */
function row(update, isRunning) {
  const why = update.error ? errorAdvice(update.error) : "";
  return el(
    "li", { class: "history__row history__row--plain" },
    el("span", { class: `dot dot--${toneOf(update.state)}`, "aria-hidden": "true" }),
    el("span", { class: "history__what" }, `${update.release.name} ${update.release.version}: ${stateText(update, isRunning)}`),
    el("span", { class: "history__when" }, timeText(update.ended_at ?? update.created_at)),
    update.rollback_requested && el("span", { class: "history__why" }, "Rollback requested at the bot with a double press."),
    why && el("span", { class: "history__why" }, why),
  );
}

/**
 * @param {Update} update
 * @param {boolean} isRunning
 */
function stateText(update, isRunning) {
  if (update.state === "downloading") return `downloading ${percentOf(update)} %`;
  return update.state === "confirmed" && !isRunning ? "replaced" : updateStateText(update.state);
}
