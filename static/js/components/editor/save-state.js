/** One quiet line: where the last keystroke is kept. */

import { announce, el, fill, setText } from "../../core/dom.js";
import { timeText } from "../../core/format.js";

const TROUBLE = new Set(["offline", "conflict", "refused"]);

/** Fires `compare` when the person wants to see both states of a conflict. */
export class SaveState extends EventTarget {
  constructor() {
    super();
    this.dot = el("span", { class: "save-state__dot", "aria-hidden": "true" });
    this.text = el("span", { class: "save-state__text" });
    this.action = el("span");
    this.element = el("p", { class: "save-state" }, this.dot, this.text, this.action);
  }

  /** @param {{state: string, savedAt: number, message: string, isKept: boolean}} autosave */
  set(autosave) {
    const isChanged = this.element.dataset.state !== autosave.state && TROUBLE.has(autosave.state);
    this.element.dataset.state = autosave.state;
    setText(this.text, saveText(autosave));
    // Each quiet save would be one word too many.
    if (isChanged) announce(saveText(autosave));
    const isConflict = autosave.state === "conflict";
    if (isConflict === Boolean(this.action.firstChild)) return;
    const compare = () => this.dispatchEvent(new Event("compare"));
    fill(this.action, isConflict && el("button", { class: "link-button", type: "button", onclick: compare }, "Compare"));
  }
}

/**
 * @param {{state: string, savedAt: number, message: string, isKept: boolean}} autosave
 */
function saveText({ state, savedAt, message, isKept }) {
  switch (state) {
    case "saved":
      return savedAt ? `Saved ${timeText(savedAt)}` : "Saved";
    case "conflict":
      return "Newer revision on the server.";
    case "refused":
      return `Not saved: ${message}`;
    case "offline":
      return isKept ? "Offline – kept in this browser" : "Offline – not saved yet, keep this page open";
    default:
      return "Saving…";
  }
}
