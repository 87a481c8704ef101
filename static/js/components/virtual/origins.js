/** The other servers that the sketches of a virtual bot may ask, as its owner names them. */

import { el, fill, freshId, setText, show } from "../../core/dom.js";

export const MAX_ORIGINS = 8;

/**
 * What a person typed, as an origin is written.
 * @param {string} text an address, perhaps with a path; without a scheme it is taken for https.
 * @returns {string} empty if it is no web address.
 */
export function originOf(text) {
  const plain = text.trim();
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(plain) ? plain : `https://${plain}`;
  if (!plain || !URL.canParse(address)) return "";
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) ? url.origin : "";
}

/** Fires `change` (detail: the whole new list). */
export class VirtualOrigins extends EventTarget {
  constructor() {
    super();
    /** @type {string[]} */
    this.origins = [];
    this.list = el("ul", { class: "vorigins__list" });
    this.none = el("p", { class: "hint" }, "None: the bot can only reach this server.");
    const hint = el(
      "p", { class: "hint", id: freshId("hint") },
      "Requests are sent from this browser, without your logins. The other server must allow cross-origin requests (CORS), and redirects are not followed. Any sketch that runs on this bot here can reach these servers, so allow only what it needs.",
    );
    this.error = el("p", { class: "field__error", role: "alert", id: freshId("error") });
    this.input = el("input", {
      class: "input", id: freshId("origin"), type: "url", inputmode: "url", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      placeholder: "https://api.example.org", "aria-describedby": `${this.error.id} ${hint.id}`,
    });
    this.button = el("button", { class: "button", type: "submit" }, "Allow");
    this.form = el(
      "form", { class: "vflash__form", novalidate: true },
      el("label", { class: "field__label", for: this.input.id }, "Allow another server"), this.input, this.button,
    );
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.element = el("div", { class: "vorigins" }, this.none, this.list, this.form, this.error, hint);
    this.set([]);
  }

  /** @param {string[]} origins */
  set(origins) {
    this.origins = origins;
    fill(this.list, ...origins.map((origin) => this.#row(origin)));
    show(this.list, origins.length > 0);
    show(this.none, origins.length === 0);
    show(this.form, origins.length < MAX_ORIGINS);
  }

  /** @param {string} text why the last change was refused; empty when it was not. */
  setError(text) {
    setText(this.error, text);
    this.input.toggleAttribute("aria-invalid", Boolean(text));
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    for (const button of this.element.querySelectorAll("button")) button.disabled = isBusy;
  }

  /** @param {string} origin */
  #row(origin) {
    const remove = el("button", { class: "button button--small", type: "button", "aria-label": `Remove ${origin}` }, "Remove");
    remove.addEventListener("click", () => this.#fire(this.origins.filter((other) => other !== origin)));
    return el("li", { class: "vorigins__row" }, el("span", { class: "vorigins__name" }, origin), remove);
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const origin = originOf(this.input.value);
    const error = this.#errorOf(origin);
    this.setError(error);
    if (error) this.input.focus();
    else this.#fire([...this.origins, origin]);
  }

  /** @param {string} origin */
  #errorOf(origin) {
    if (!origin) return "Enter an address like https://api.example.org or http://192.168.1.20:8000.";
    return this.origins.includes(origin) ? `${origin} is already allowed.` : "";
  }

  /** @param {string[]} origins */
  #fire(origins) {
    this.dispatchEvent(new CustomEvent("change", { detail: origins }));
  }
}
