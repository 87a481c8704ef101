/** The keyboard shortcuts of the sketch page. */

import { el, freshId } from "../../core/dom.js";
import { openDialog } from "../ui/dialog.js";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const mod = isMac ? "⌘" : "Ctrl";

/** @type {[string, [string[], string][]][]} */
const GROUPS = [
  ["This page", [
    [[mod, "Enter"], "Save and compile"],
    [[mod, "S"], "Save now (it also saves automatically)"],
    [["?"], "Show this list (outside the editor)"],
    [["F1"], "Show this list"],
  ]],
  ["Editor", [
    [[mod, "F"], "Find and replace"],
    [[mod, "Z"], "Undo"],
    [isMac ? [mod, "Shift", "Z"] : [mod, "Y"], "Redo"],
    [[mod, "/"], "Toggle comment"],
    [[mod, "Space"], "Autocomplete"],
    [["Alt", "↑ ↓"], "Move a line"],
    [["F8"], "Go to the next problem"],
    [["Tab"], "Indent"],
    [["Esc", "Tab"], "Leave the editor"],
  ]],
  ["File tabs", [
    [["← →"], "Switch file"],
    [["F2"], "Rename the file"],
    [["Delete"], "Delete the file"],
  ]],
];

export function showShortcuts() {
  const titleId = freshId("dialog-title");
  return openDialog(
    el(
      "dialog", { class: "dialog dialog--medium", "aria-labelledby": titleId },
      el(
        "form", { method: "dialog", class: "dialog__form" },
        el("h2", { id: titleId, class: "dialog__title" }, "Keyboard shortcuts"),
        el("div", { class: "shortcuts" }, ...GROUPS.map(group)),
        el("div", { class: "dialog__actions" }, el("button", { class: "button button--accent", autofocus: true }, "Close")),
      ),
    ),
  );
}

/** @param {[string, [string[], string][]]} entry */
function group([title, rows]) {
  const lines = rows.flatMap(([keys, text]) => [el("dt", {}, ...keys.map((key) => el("kbd", {}, key))), el("dd", {}, text)]);
  return el("section", {}, el("h3", { class: "shortcuts__title" }, title), el("dl", { class: "shortcuts__list" }, ...lines));
}
