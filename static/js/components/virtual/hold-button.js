/** A button that is held: down while a finger, a mouse or the space bar is on it. */

import { el } from "../../core/dom.js";

/** Fires `hold` (detail: whether it is down). */
export class HoldButton extends EventTarget {
  /** @param {{label: string, className: string}} options */
  constructor({ label, className }) {
    super();
    this.isDown = false;
    this.element = el("button", { class: className, type: "button", "aria-pressed": "false" }, label);
    const { element } = this;
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      this.#set(true);
    });
    for (const name of ["pointerup", "pointercancel", "blur"]) element.addEventListener(name, () => this.#set(false));
    element.addEventListener("keydown", (event) => this.#key(event, true));
    element.addEventListener("keyup", (event) => this.#key(event, false));
    element.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /**
   * @param {KeyboardEvent} event
   * @param {boolean} isDown
   */
  #key(event, isDown) {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    this.#set(isDown);
  }

  /** @param {boolean} isDown */
  #set(isDown) {
    if (isDown === this.isDown) return;
    this.isDown = isDown;
    this.element.setAttribute("aria-pressed", String(isDown));
    this.dispatchEvent(new CustomEvent("hold", { detail: isDown }));
  }
}
