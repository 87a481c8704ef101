/** What a bot says over the cable, and its first call to the server. */

import { el, setText, show } from "../../core/dom.js";

const MAX_LINES = 500;

export class FlashMonitor {
  constructor() {
    this.call = el("p", { class: "flash-monitor__call", role: "status" }, "After restarting, the bot joins Wi-Fi and checks in with this server.");
    this.lines = el("pre", { class: "flash-monitor__lines", tabindex: "0", "aria-label": "Serial output", hidden: true });
    this.element = el("div", { class: "flash-monitor" }, this.call, this.lines);
  }

  /** @param {string[]} lines */
  push(lines) {
    if (lines.length === 0) return;
    show(this.lines, true);
    this.lines.append(...lines.slice(-MAX_LINES).map((line) => el("span", {}, `${line}\n`)));
    while (this.lines.childElementCount > MAX_LINES) this.lines.firstElementChild?.remove();
    this.lines.scrollTop = this.lines.scrollHeight;
  }

  /** @param {string} text @param {"" | "good" | "warn"} [tone] */
  tell(text, tone = "") {
    setText(this.call, text);
    this.call.dataset.tone = tone;
  }
}
