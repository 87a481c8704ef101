/** Flashing without Web Serial: files, and the command that writes them. */

import { announce, el, setText } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

/** Fires `download` (detail: `factory` or `parts`). */
export class FlashDownload extends EventTarget {
  constructor() {
    super();
    this.factory = this.#button("factory", "One file (.bin)");
    this.parts = this.#button("parts", "Separate files (.zip)");
    this.command = el("code", { class: "flash-command__text" }, "");
    this.copy = el("button", { class: "icon-button", type: "button", title: "Copy the command", "aria-label": "Copy the command" }, icon("copy"));
    this.copy.addEventListener("click", () => void this.#copy());
    this.element = el(
      "div", { class: "form" },
      el("p", {}, "Download the file and write it with Espressif's esptool 5 on the computer that the bot is connected to:"),
      el("div", { class: "flash-command", tabindex: "0", role: "group", "aria-label": "Command" }, this.command, this.copy),
      el("div", { class: "flash-download__actions" }, this.factory, this.parts),
      el(
        "p", { class: "hint" },
        "These files contain the Wi-Fi password and the device key. Delete them after flashing. No copy is kept; the download is logged.",
      ),
    );
    this.set(null, false);
  }

  /**
   * @param {{command: string} | null} plan
   * @param {boolean} isReady
   */
  set(plan, isReady) {
    setText(this.command, plan ? plan.command : "Choose a build first.");
    this.copy.disabled = !plan;
    this.factory.disabled = this.parts.disabled = !isReady;
  }

  /** @param {string} kind @param {string} text */
  #button(kind, text) {
    const button = el("button", { class: "button", type: "button" }, icon("download"), text);
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("download", { detail: kind })));
    return button;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.command.textContent ?? "");
      announce("Command copied.");
    } catch {
      // Browsers allow the clipboard on HTTPS and localhost only: mark the text for the person's own copy.
      getSelection()?.selectAllChildren(this.command);
      announce("The command is selected. Press Ctrl+C to copy it.");
    }
  }
}
