/** Questions to the person, in the browser's own modal dialog: focus stays in, Escape leaves. */

import { el, freshId, setText } from "../../core/dom.js";

/**
 * Show a dialog until it closes.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>} the value of the button that closed it; empty after Escape.
 */
export function openDialog(dialog) {
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}

/**
 * Ask yes or no. The safe answer has the focus.
 * @param {{title: string, text: string, yes: string, no?: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export async function confirmDialog({ title, text, yes, no = "Cancel", danger = false }) {
  const titleId = freshId("dialog-title");
  const dialog = el(
    "dialog",
    { class: "dialog", "aria-labelledby": titleId },
    el(
      "form",
      { method: "dialog", class: "dialog__form" },
      el("h2", { id: titleId, class: "dialog__title" }, title),
      el("p", { class: "dialog__text" }, text),
      el(
        "div",
        { class: "dialog__actions" },
        el("button", { class: "button", value: "", autofocus: true }, no),
        el("button", { class: danger ? "button button--danger" : "button button--accent", value: "yes" }, yes),
      ),
    ),
  );
  return (await openDialog(dialog)) === "yes";
}

/**
 * Ask for a name.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.label
 * @param {string} question.value what stands there at first.
 * @param {string} question.yes
 * @param {(text: string) => string} question.validate what is wrong with an answer; empty when nothing is.
 * @returns {Promise<string | null>} null when cancelled.
 */
export async function promptDialog({ title, label, value, yes, validate }) {
  const error = el("p", { class: "field__error", id: freshId("error"), role: "alert" });
  const input = el("input", {
    class: "input", id: freshId("answer"), value, autofocus: true, autocomplete: "off", spellcheck: "false",
    autocapitalize: "off", "aria-describedby": error.id,
  });
  const dialog = promptFrame({ title, label, yes }, input, error);
  dialog.addEventListener("submit", (event) => {
    const submitter = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
    if (submitter && !submitter.value) return;
    const wrong = validate(input.value.trim());
    setText(error, wrong);
    input.toggleAttribute("aria-invalid", Boolean(wrong));
    if (wrong) event.preventDefault();
  });
  const closed = openDialog(dialog);
  const dot = value.lastIndexOf(".");
  input.setSelectionRange(0, dot > 0 ? dot : value.length);
  return (await closed) === "yes" ? input.value.trim() : null;
}

/**
 * @param {{title: string, label: string, yes: string}} words
 * @param {HTMLInputElement} input
 * @param {HTMLElement} error
 */
function promptFrame({ title, label, yes }, input, error) {
  const titleId = freshId("dialog-title");
  return el(
    "dialog",
    { class: "dialog", "aria-labelledby": titleId },
    el(
      "form",
      { method: "dialog", class: "dialog__form", novalidate: true },
      el("h2", { id: titleId, class: "dialog__title" }, title),
      el("div", { class: "field" }, el("label", { class: "field__label", for: input.id }, label), input, error),
      el(
        "div",
        { class: "dialog__actions" },
        // Enter presses the first submit button of a form, so the answer comes first and is moved by CSS.
        el("button", { class: "button button--accent", value: "yes" }, yes),
        el("button", { class: "button dialog__first", value: "" }, "Cancel"),
      ),
    ),
  );
}
