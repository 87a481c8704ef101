/** A password that can be looked at while typing. */

import { el, freshId, setText } from "../../core/dom.js";

export class PasswordField {
  /** @param {{label: string, name: string, autocomplete: string, hint?: string}} options */
  constructor({ label, name, autocomplete, hint = "" }) {
    const hintId = freshId("hint");
    this.error = el("p", { class: "field__error", id: freshId("error") });
    this.input = el("input", {
      class: "input", id: freshId("password"), type: "password", name, autocomplete, autocapitalize: "off", spellcheck: "false",
      "aria-describedby": hint ? `${hintId} ${this.error.id}` : this.error.id,
    });
    this.element = el(
      "div", { class: "field" },
      el("label", { class: "field__label", for: this.input.id }, label),
      el("div", { class: "password" }, this.input, showButton(this.input)),
      hint && el("p", { class: "hint", id: hintId }, hint),
      this.error,
    );
  }

  /** @param {string} text empty when nothing is wrong. */
  setError(text) {
    setText(this.error, text);
    this.input.toggleAttribute("aria-invalid", Boolean(text));
  }
}

/**
 * A button that shows what is typed.
 * @param {HTMLInputElement} input
 */
export function showButton(input) {
  const button = el("button", { class: "password__show", type: "button", "aria-pressed": "false", "aria-label": "Show password", "aria-controls": input.id }, "Show");
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    setText(button, shown ? "Hide" : "Show");
  });
  return button;
}
