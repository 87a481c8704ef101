/** The serial monitor: what the sketch prints, what happened to the bot, and a line to type. */

import { el, freshId, show } from "../../core/dom.js";

const MAX_LINES = 1000;
const MAX_LINE_CHARS = 2000;
const NEAR_END_PX = 24;
/** Nobody reads faster, and re-rendering text is expensive. */
const DRAW_EVERY_MS = 80;

/** Fires `type` (detail: text). */
export class VirtualSerial extends EventTarget {
  constructor() {
    super();
    this.lines = el("pre", { class: "vserial__lines", tabindex: "0", role: "log", "aria-live": "off", "aria-label": "Serial Monitor" });
    this.input = el("input", { class: "input", id: freshId("serial"), autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 256 });
    const form = el(
      "form", { class: "vserial__form" }, el("label", { class: "visually-hidden", for: this.input.id }, "Message to the sketch"), this.input,
      el("button", { class: "button", type: "submit" }, "Send"),
      el("button", { class: "button", type: "button", onclick: () => this.clear() }, "Clear"),
    );
    this.input.placeholder = "Message";
    form.addEventListener("submit", (event) => this.#submit(event));
    this.dropped = el("p", { class: "vserial__dropped", hidden: true }, "The sketch prints faster than this page can show; some lines are missing.");
    this.element = el("div", { class: "vserial" }, this.lines, this.dropped, form);
    this.decoder = new TextDecoder();
    /** @type {HTMLElement | null} */
    this.openLine = null;
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.timer = 0;
  }

  clear() {
    this.waiting = [];
    this.openLine = null;
    this.lines.replaceChildren();
    show(this.dropped, false);
  }

  /**
   * @param {Uint8Array} bytes
   * @param {number} dropped bytes that were lost before.
   * @returns {string} the same as text.
   */
  print(bytes, dropped) {
    const text = this.decoder.decode(bytes, { stream: true }).replaceAll("\r", "");
    if (dropped > 0) show(this.dropped, true);
    this.#later(() => this.#append(text));
    return text;
  }

  /**
   * What happened to the bot, between the lines of the sketch.
   * @param {string} text
   * @param {"good" | "bad" | "quiet"} tone
   */
  note(text, tone) {
    this.#later(() => {
      this.openLine = null;
      this.lines.append(el("span", { class: `vserial__note vserial__note--${tone}` }, `${text}\n`));
    });
  }

  /** @param {() => void} change */
  #later(change) {
    this.waiting.push(change);
    // A page that is not seen draws seldom; it must not collect text forever.
    if (this.waiting.length > MAX_LINES) this.waiting.shift();
    this.timer ||= window.setTimeout(() => this.#flush(), DRAW_EVERY_MS);
  }

  #flush() {
    this.timer = 0;
    const { scrollHeight, scrollTop, clientHeight } = this.lines;
    const follows = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    for (const change of this.waiting) change();
    this.waiting = [];
    while (this.lines.childElementCount > MAX_LINES) this.lines.firstElementChild?.remove();
    if (follows) this.lines.scrollTop = this.lines.scrollHeight;
  }

  /** @param {string} text */
  #append(text) {
    const parts = text.split("\n");
    parts.forEach((part, at) => {
      if (!this.openLine && (part || at < parts.length - 1)) {
        this.openLine = el("span", { class: "vserial__line" });
        this.lines.append(this.openLine);
      }
      if (this.openLine && (this.openLine.textContent ?? "").length < MAX_LINE_CHARS) this.openLine.append(part);
      if (at === parts.length - 1) return;
      this.openLine?.append("\n");
      this.openLine = null;
    });
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("type", { detail: `${this.input.value}\n` }));
    this.input.value = "";
  }
}
