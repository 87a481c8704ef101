/** The static link of a bot, and whether it asks for a key. */

import { el, freshId } from "../../core/dom.js";
import { LinkBox } from "./link-box.js";

/** @typedef {import("../../core/events.js").Device} Device */

/** Fires `open` (detail: boolean). */
export class LinkSwitch extends EventTarget {
  constructor() {
    super();
    this.link = new LinkBox();
    const hintId = freshId("hint");
    this.input = el("input", { type: "checkbox", class: "switch", role: "switch", id: freshId("open"), "aria-describedby": hintId });
    this.input.addEventListener("change", () => this.dispatchEvent(new CustomEvent("open", { detail: this.input.checked })));
    this.element = el(
      "div", { class: "link-switch" },
      this.link.element,
      el("div", { class: "switch-row" }, this.input, el("label", { for: this.input.id }, "Public link")),
      el(
        "p", { class: "hint", id: hintId },
        "Off: only this bot (with its key) and you (logged in) can download the firmware. On: anyone with the link can. The firmware contains no password and no key.",
      ),
    );
  }

  /** @param {Device} device */
  set(device) {
    this.link.set(device.link_name);
    this.input.checked = device.link_is_open;
  }
}
