/** Light, dark, or as the system has it; the choice is kept in this browser. */

const KEY = "airsketch:theme";
const NEXT = { system: "light", light: "dark", dark: "system" };

/** @typedef {keyof typeof NEXT} Theme */

/** @returns {Theme} */
export function currentTheme() {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** @returns {Theme} the theme after the switch. */
export function switchTheme() {
  const theme = /** @type {Theme} */ (NEXT[currentTheme()]);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A shut storage only means that the choice ends with this page.
  }
  return theme;
}
