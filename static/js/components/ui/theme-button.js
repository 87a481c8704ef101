/** Switches between system, light and dark. The three pictures are in the template; CSS shows one. */

import { announce } from "../../core/dom.js";
import { currentTheme, switchTheme } from "./theme.js";

const LABELS = { system: "system", light: "light", dark: "dark" };

/** @param {HTMLButtonElement} button */
export function bindThemeButton(button) {
  const label = () => {
    const text = `Theme: ${LABELS[currentTheme()]} (click to change)`;
    button.setAttribute("aria-label", text);
    button.title = text;
    button.dataset.theme = currentTheme();
  };
  button.addEventListener("click", () => {
    announce(`Theme: ${LABELS[switchTheme()]}.`);
    label();
  });
  label();
}
