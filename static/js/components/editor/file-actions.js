/** The tools next to the file tabs: add, rename, delete a file of the sketch. */

import { confirmDialog, promptDialog } from "../ui/dialog.js";
import { MAX_FILES, fileNameError } from "./name-rules.js";

/**
 * What the tools work on.
 * @typedef {object} Sources
 * @property {import("../ui/shell.js").Shell} shell
 * @property {import("./editor.js").Editor} editor
 * @property {import("./file-tabs.js").FileTabs} tabs
 * @property {() => void} filesChanged
 */

/** @param {Sources} sources */
export function bindFileTools(sources) {
  const { tabs } = sources;
  tabs.addEventListener("add", () => void addFile(sources));
  tabs.addEventListener("rename", (event) => void renameFile(sources, /** @type {CustomEvent<string>} */ (event).detail));
  tabs.addEventListener("remove", (event) => void removeFile(sources, /** @type {CustomEvent<string>} */ (event).detail));
}

/** @param {Sources} sources */
async function addFile(sources) {
  const { shell, editor } = sources;
  const taken = [...editor.states.keys()];
  if (taken.length >= MAX_FILES) {
    shell.notices.warn(`A sketch has at most ${MAX_FILES} files.`);
    return;
  }
  const path = await promptDialog({
    title: "Add a file", label: "File name", value: "part.h", yes: "Add", validate: (text) => fileNameError(text, taken),
  });
  if (!path) return;
  editor.add(path);
  sources.filesChanged();
  editor.focus();
}

/**
 * @param {Sources} sources
 * @param {string} from
 */
async function renameFile(sources, from) {
  const { editor } = sources;
  const others = [...editor.states.keys()].filter((path) => path !== from);
  const to = await promptDialog({
    title: `Rename ${from}`, label: "File name", value: from, yes: "Rename", validate: (text) => fileNameError(text, others),
  });
  if (!to || to === from) return;
  editor.rename(from, to);
  sources.filesChanged();
}

/**
 * @param {Sources} sources
 * @param {string} path
 */
async function removeFile(sources, path) {
  const sure = await confirmDialog({
    title: `Delete ${path}?`, text: "Earlier revisions still contain it.", yes: "Delete", no: "Keep it", danger: true,
  });
  if (!sure) return;
  sources.editor.remove(path);
  sources.filesChanged();
}
