/** The sketch page's history: view earlier revisions, restore one. */

import { HistoryDialog } from "./history-dialog.js";
import { renamedFor } from "./drafts.js";
import { Revisions } from "./revisions.js";

/** @typedef {import("../../core/events.js").RevisionWithFiles} RevisionWithFiles */

/**
 * Show the revisions until the person has seen enough.
 * @param {import("../ui/shell.js").Shell} shell
 * @param {import("./sketch-document.js").SketchDocument} sources
 */
export async function showHistory({ api, attempt }, sources) {
  const { sketch } = sources;
  if (!sketch) return;
  // Unsaved text becomes a revision first.
  await sources.autosave.flush();
  const dialog = new HistoryDialog({
    name: sketch.name,
    revisions: new Revisions((before) => attempt(api.get(`${sources.path}/revisions${before === null ? "" : `?before=${before}`}`))),
    read: async (number) => {
      const past = await attempt(api.get(`${sources.path}/revisions/${number}`, { replaces: "revision" }));
      return past && { number, files: underPresentName(past, sources) };
    },
    present: () => ({ number: sources.autosave.baseRevision, files: sources.editor.files() }),
  });
  const refresh = () => void dialog.refresh();
  sources.addEventListener("sketch", refresh);
  const past = await dialog.ask();
  sources.removeEventListener("sketch", refresh);
  if (past) await sources.restore(past.files, past.number);
}

/**
 * @param {RevisionWithFiles} past
 * @param {import("./sketch-document.js").SketchDocument} sources
 */
function underPresentName({ sketch_name, files }, { sketch }) {
  return renamedFor(files, sketch_name, sketch?.name ?? sketch_name);
}
