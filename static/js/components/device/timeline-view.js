/** The timeline from sketch to bot, with a sentence below that says what is going on. */

import { announce, el, fill, setText, show } from "../../core/dom.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./timeline.js").Step} Step */

const STATE_LABELS = { done: "done", now: "in progress", next: "upcoming", failed: "failed" };

export class TimelineView {
  /** @param {{compact?: boolean}} [options] compact: without the sentence's large type. */
  constructor({ compact = false } = {}) {
    this.list = el("ol", { class: "timeline__steps" });
    this.sentence = el("p", { class: "timeline__sentence" });
    this.advice = el("p", { class: "timeline__advice" });
    this.element = el(
      "div", { class: compact ? "timeline timeline--compact" : "timeline" },
      this.list, el("div", { class: "timeline__summary" }, this.sentence, this.advice),
    );
    this.drawn = "";
    this.announced = "";
  }

  /** @param {Timeline} timeline */
  set(timeline) {
    this.element.dataset.tone = timeline.tone;
    setText(this.sentence, timeline.sentence);
    setText(this.advice, timeline.advice);
    show(this.advice, Boolean(timeline.advice));
    this.#announce(timeline);
    const signature = JSON.stringify(timeline.steps);
    if (signature === this.drawn) return;
    this.drawn = signature;
    fill(this.list, ...timeline.steps.map(stepElement));
  }

  /** Say each new step once: a percentage that counts up would drown everything else. @param {Timeline} timeline */
  #announce(timeline) {
    const where = [timeline.tone, ...timeline.steps.map((step) => step.state)].join(" ");
    if (this.announced && this.announced !== where) announce(`${timeline.sentence} ${timeline.advice}`);
    this.announced = where;
  }
}

/** @param {Step} step */
function stepElement(step) {
  return el(
    "li",
    { class: `timeline__step timeline__step--${step.state}`, "aria-current": step.state === "now" ? "step" : null },
    el("span", { class: "timeline__dot", "aria-hidden": "true" }),
    el("span", { class: "timeline__label" }, step.label, el("span", { class: "visually-hidden" }, ` (${STATE_LABELS[step.state]})`)),
    step.detail && el("span", { class: "timeline__detail" }, step.detail),
  );
}
