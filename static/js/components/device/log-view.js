/** What a bot's sketch prints, read without a cable; its owner switches it on. */

import { el, freshId, setText, show } from "../../core/dom.js";
import { droppedText, isLogWanted, logStateText } from "./log-messages.js";

/** @typedef {import("../../core/events.js").Device} Device */
/** @typedef {import("../../core/events.js").LogLines} LogLines */

// As many as the server keeps.
const MAX_LINES = 200;
const NEAR_END_PX = 24;

/** Fires `send` (detail: boolean). */
export class LogView extends EventTarget {
  /** @param {{canSwitch: boolean}} options canSwitch: only its owner may. */
  constructor({ canSwitch }) {
    super();
    const hintId = freshId("hint");
    this.input = el("input", { type: "checkbox", class: "switch", role: "switch", id: freshId("log"), disabled: !canSwitch, "aria-describedby": hintId });
    this.input.addEventListener("change", () => this.dispatchEvent(new CustomEvent("send", { detail: this.input.checked })));
    this.state = el("p", { class: "wireless-log__state", role: "status" });
    this.dropped = el("p", { class: "wireless-log__dropped", hidden: true });
    this.lines = el("pre", { class: "wireless-log__lines", tabindex: "0", role: "log", "aria-live": "off", "aria-label": "Serial output", hidden: true });
    this.empty = el("p", { class: "empty", hidden: true }, "Nothing printed yet.");
    this.element = el(
      "div", { class: "wireless-log" },
      el("div", { class: "wireless-log__head" }, this.input, el("label", { class: "wireless-log__label", for: this.input.id }, "Stream serial output"), this.state),
      el("p", { class: "hint", id: hintId }, "Serial output also appears here, without a cable. Over plain HTTP, others on the bot's network can read it."),
      this.dropped, this.empty, this.lines,
    );
  }

  /** @param {Device} device */
  set(device) {
    this.input.checked = isLogWanted(device);
    setText(this.state, logStateText(device));
    show(this.empty, this.input.checked && this.lines.childElementCount === 0);
  }

  /** @param {LogLines["lines"]} lines all that is kept. */
  restart(lines) {
    this.lines.replaceChildren();
    this.push(lines);
  }

  /** @param {LogLines["lines"]} lines */
  push(lines) {
    const isAtEnd = this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight < NEAR_END_PX;
    this.lines.append(...lines.map(lineElement));
    while (this.lines.childElementCount > MAX_LINES) this.lines.firstElementChild?.remove();
    const hasLines = this.lines.childElementCount > 0;
    show(this.lines, hasLines);
    show(this.empty, this.input.checked && !hasLines);
    if (isAtEnd) this.lines.scrollTop = this.lines.scrollHeight;
  }

  /** @param {number} count */
  setDropped(count) {
    setText(this.dropped, droppedText(count));
    show(this.dropped, count > 0);
  }
}

/** @param {{at: string, text: string}} line */
function lineElement({ at, text }) {
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  return el("span", { class: "wireless-log__line" }, el("time", { class: "wireless-log__time", datetime: at }, time), ` ${text}\n`);
}
