/** Switches between system, light and dark. The three pictures are in the template; CSS shows one. */

import { announce } from "../../core/dom.js";
import { currentTheme, switchTheme } from "./theme.js";

const WORDS = { system: "as the system has it", light: "light", dark: "dark" };

/** @param {HTMLButtonElement} button */
export function bindThemeButton(button) {
  const label = () => {
    const text = `Colours: ${WORDS[currentTheme()]}. Switch.`;
    button.setAttribute("aria-label", text);
    button.title = text;
    button.dataset.theme = currentTheme();
  };
  button.addEventListener("click", () => {
    announce(`Colours: ${WORDS[switchTheme()]}.`);
    label();
  });
  label();
}
