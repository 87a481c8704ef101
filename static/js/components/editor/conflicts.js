/** Other states of a sketch than the one in the editor, asked of the server or kept there. */

import { renamedFor, sameFiles } from "./drafts.js";
import { freeName } from "./name-rules.js";

/** @typedef {import("../../core/events.js").Sketch} Sketch */
/** @typedef {import("../../core/events.js").SketchWithFiles} SketchWithFiles */
/** @typedef {import("../../core/events.js").RevisionWithFiles} RevisionWithFiles */
/** @typedef {import("./drafts.js").Files} Files */

/**
 * Whether a newer revision holds the same texts as an older one, perhaps under another name of the sketch:
 * what was typed on top of the older one then belongs on top of the newer one.
 * @param {import("../../core/api.js").Api} api
 * @param {string} path of the sketch.
 * @param {number} number the older one.
 * @param {SketchWithFiles} newer
 */
export async function isSameText(api, path, number, newer) {
  /** @type {RevisionWithFiles | null} */
  const older = await api.get(`${path}/revisions/${number}`).catch(() => null);
  return older !== null && sameFiles(renamedFor(older.files, older.sketch_name, newer.name), newer.files);
}

/**
 * Keep a state as a sketch of its own.
 * @param {import("../ui/shell.js").Shell} shell
 * @param {Files} files
 * @param {Sketch} original
 */
export async function saveCopy({ api, attempt, notices }, files, original) {
  const known = await attempt(api.get("/sketches"));
  if (!known) return false;
  const name = freeName(`${original.name}-mine`, known.sketches.map((/** @type {Sketch} */ sketch) => sketch.name));
  const copy = await attempt(api.post("/sketches", { name, fqbn: original.fqbn }));
  const copied = copy && await attempt(api.put(`/sketches/${encodeURIComponent(copy.id)}/files`, {
    base_revision: copy.revision, files: renamedFor(files, original.name, name),
  }));
  if (copied) notices.say(`Your text was saved as the sketch “${name}”.`);
  return Boolean(copied);
}
