/** The two slots of a virtual bot, and the cable that writes the first of them. */

import { el, fill, freshId, setText, show } from "../../core/dom.js";
import { bytesText, timeText } from "../../core/format.js";

/** @typedef {{build_id: string, sketch_name: string, image_bytes: number, finished_at: string}} Choice */
/** @typedef {{project: string, version: string, sha256: string, bytes: Uint8Array} | null} Slot */

/** Fires `flash` (detail: build id). */
export class VirtualFlash extends EventTarget {
  constructor() {
    super();
    this.slots = el("dl", { class: "facts vflash__slots" });
    this.select = el("select", { class: "select", id: freshId("image") });
    this.button = el("button", { class: "button", type: "button", onclick: () => this.#flash() }, "Flash over USB");
    this.hint = el("p", { class: "hint" });
    this.error = el("p", { class: "field__error", role: "alert" });
    this.form = el(
      "div", { class: "vflash__form" }, el("label", { class: "field__label", for: this.select.id }, "Latest build of"), this.select, this.button,
    );
    this.element = el("div", { class: "vflash" }, this.slots, this.form, this.error, this.hint);
    this.setChoices([]);
  }

  /**
   * @param {Slot[]} slots
   * @param {{running: number, next: number | null, onTrial: boolean}} state
   */
  setSlots(slots, { running, next, onTrial }) {
    fill(this.slots, ...slots.flatMap((slot, at) => {
      const words = [at === running && slot ? (onTrial ? "running, not confirmed yet" : "running") : "", at === next ? "boots next" : ""].filter(Boolean);
      const facts = slot ? `${slot.project} · ${bytesText(slot.bytes.length)} · ${slot.sha256.slice(0, 12)}` : "empty";
      return [el("dt", {}, `ota_${at}`), el("dd", {}, facts, words.length > 0 && el("span", { class: "pill pill--online vflash__mark" }, words.join(", ")))];
    }));
  }

  /** @param {Choice[]} choices */
  setChoices(choices) {
    const chosen = this.select.value;
    fill(this.select, ...choices.map((choice) => el("option", { value: choice.build_id }, `${choice.sketch_name}, ${timeText(choice.finished_at)}`)));
    if (choices.some((choice) => choice.build_id === chosen)) this.select.value = chosen;
    show(this.form, choices.length > 0);
    setText(this.hint, choices.length > 0
      ? "Only needed for the first sketch, or to recover a bot that no longer starts. All other sketches arrive over the air."
      : "Compile a sketch for the board “Virtual bot”, then flash it here.");
  }

  /** @param {string} text why the last flash did not work; empty when it did. */
  setError(text) {
    setText(this.error, text);
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.button.disabled = isBusy;
  }

  #flash() {
    this.dispatchEvent(new CustomEvent("flash", { detail: this.select.value }));
  }
}
