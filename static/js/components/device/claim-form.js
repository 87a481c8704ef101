/** Takes a further bot under this account. */

import { el, freshId, setText } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { PasswordField } from "../ui/password-field.js";

/** Fires `claim` (detail: {product_id, password}). */
export class ClaimForm extends EventTarget {
  constructor() {
    super();
    this.error = el("p", { class: "field__error", role: "alert" });
    this.id = el("input", {
      class: "input", id: freshId("product"), name: "product_id", required: true, autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", placeholder: "bot_002",
    });
    this.password = new PasswordField({ label: "Password", name: "password", autocomplete: "off" });
    this.button = el("button", { class: "button button--accent", type: "submit" }, icon("add"), "Claim this bot");
    this.element = el(
      "form", { class: "form", novalidate: true },
      el("div", { class: "field" }, el("label", { class: "field__label", for: this.id.id }, "Product ID"), this.id),
      this.password.element, this.error, el("div", {}, this.button),
    );
    this.element.addEventListener("submit", (event) => this.#submit(event));
  }

  /** @param {string} text */
  setError(text) {
    setText(this.error, text);
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.button.disabled = isBusy;
  }

  clear() {
    this.element.reset();
    this.setError("");
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const detail = { product_id: this.id.value.trim(), password: this.password.input.value };
    if (!detail.product_id || !detail.password) this.setError("Enter the product ID and password from the bot's label.");
    else this.dispatchEvent(new CustomEvent("claim", { detail }));
  }
}
