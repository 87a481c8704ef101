/** Pages without live events: landing, login, account, errors. They work without this script too. */

import { showButton } from "../components/ui/password-field.js";
import { bindThemeButton } from "../components/ui/theme-button.js";

const themeButton = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-theme-button]"));
if (themeButton) bindThemeButton(themeButton);

for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[type=password]"))) {
  input.parentElement?.append(showButton(input));
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
  });
}
