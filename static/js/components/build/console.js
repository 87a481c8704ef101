/** The build log as it comes. Old lines leave the page; the whole log stays on the server. */

import { el, show } from "../../core/dom.js";

const MAX_LINES = 2000;
const NEAR_END_PX = 24;

export class Console {
  constructor() {
    this.lines = el("pre", { class: "console__lines", tabindex: "0", "aria-label": "Build log" });
    this.dropped = el("p", { class: "console__dropped", hidden: true }, "Earlier lines are in the log on the server.");
    this.empty = el("p", { class: "empty" }, "Compiler output appears here. Press Compile to start.");
    this.element = el("div", { class: "console" }, this.dropped, this.empty, this.lines);
    this.follow = el("input", { type: "checkbox", checked: true, class: "checkbox" });
    this.followSwitch = el("label", { class: "follow" }, this.follow, "Follow");
    this.follow.addEventListener("change", () => this.#scroll());
    this.lines.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.lines.addEventListener("wheel", (event) => this.#wheeled(event), { passive: true });
    /** @type {string[]} */
    this.waiting = [];
    this.frame = 0;
    this.clear();
  }

  clear() {
    this.waiting = [];
    this.lines.replaceChildren();
    this.follow.checked = true;
    show(this.dropped, false);
    show(this.empty, true);
    show(this.lines, false);
  }

  /** @param {string[]} lines */
  push(lines) {
    this.waiting.push(...lines);
    // A flood becomes one change a frame.
    this.frame ||= requestAnimationFrame(() => this.#flush());
  }

  #flush() {
    this.frame = 0;
    if (this.waiting.length === 0) return;
    const fresh = this.waiting.slice(-MAX_LINES);
    this.lines.append(...fresh.map(lineElement));
    const excess = this.lines.childElementCount - MAX_LINES;
    for (let count = 0; count < excess; count += 1) this.lines.firstElementChild?.remove();
    if (excess > 0 || fresh.length < this.waiting.length) show(this.dropped, true);
    this.waiting = [];
    show(this.empty, false);
    show(this.lines, true);
    this.#scroll();
  }

  #scroll() {
    if (this.follow.checked) this.lines.scrollTop = this.lines.scrollHeight;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.lines;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.follow.checked = true;
  }

  /** Scrolling up by hand means: let me read. @param {WheelEvent} event */
  #wheeled(event) {
    if (event.deltaY < 0 && this.lines.scrollHeight > this.lines.clientHeight) this.follow.checked = false;
  }
}

/** @param {string} line */
function lineElement(line) {
  const tone = /\berror\b|undefined (symbol|reference)/i.test(line) ? " console__line--bad" : /\bwarning\b/i.test(line) ? " console__line--warn" : "";
  return el("span", { class: `console__line${tone}` }, `${line}\n`);
}
