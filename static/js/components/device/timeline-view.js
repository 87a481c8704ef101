/** The way of the sketch to the bot in one line, with a sentence below that says what is going on. */

import { announce, el, fill, setText, show } from "../../core/dom.js";

/** @typedef {import("./timeline.js").Chain} Chain */
/** @typedef {import("./timeline.js").Step} Step */

const STATE_WORDS = { done: "done", now: "in progress", next: "upcoming", failed: "failed" };

export class ChainView {
  /** @param {{compact?: boolean}} [options] compact: without the sentence's large type. */
  constructor({ compact = false } = {}) {
    this.list = el("ol", { class: "chain__steps" });
    this.sentence = el("p", { class: "chain__sentence" });
    this.advice = el("p", { class: "chain__advice" });
    this.element = el(
      "div", { class: compact ? "chain chain--compact" : "chain" },
      this.list, el("div", { class: "chain__story" }, this.sentence, this.advice),
    );
    this.drawn = "";
    this.told = "";
  }

  /** @param {Chain} chain */
  set(chain) {
    this.element.dataset.tone = chain.tone;
    setText(this.sentence, chain.sentence);
    setText(this.advice, chain.advice);
    show(this.advice, Boolean(chain.advice));
    this.#tell(chain);
    const signature = JSON.stringify(chain.steps);
    if (signature === this.drawn) return;
    this.drawn = signature;
    fill(this.list, ...chain.steps.map(stepElement));
  }

  /** Say each new step once: a percentage that counts up would drown everything else. @param {Chain} chain */
  #tell(chain) {
    const where = [chain.tone, ...chain.steps.map((step) => step.state)].join(" ");
    if (this.told && this.told !== where) announce(`${chain.sentence} ${chain.advice}`);
    this.told = where;
  }
}

/** @param {Step} step */
function stepElement(step) {
  return el(
    "li",
    { class: `chain__step chain__step--${step.state}`, "aria-current": step.state === "now" ? "step" : null },
    el("span", { class: "chain__dot", "aria-hidden": "true" }),
    el("span", { class: "chain__label" }, step.label, el("span", { class: "visually-hidden" }, ` (${STATE_WORDS[step.state]})`)),
    step.detail && el("span", { class: "chain__detail" }, step.detail),
  );
}
