/** My sketches: begin, import, download, delete. */

import { confirmDialog, promptDialog } from "../components/ui/dialog.js";
import { ExampleGallery } from "../components/editor/example-gallery.js";
import { FileDrop } from "../components/ui/file-drop.js";
import { SketchList } from "../components/editor/sketch-list.js";
import { announce, need } from "../core/dom.js";
import { EventName } from "../core/events.js";
import { freeName, sketchNameError } from "../components/editor/name-rules.js";
import { RowStore } from "../core/store.js";
import { startShell } from "../components/ui/shell.js";

/** @typedef {import("../core/events.js").Sketch} Sketch */
/** @typedef {import("../core/events.js").Example} Example */

const { api, live, notices, attempt } = startShell();
/** @type {RowStore<Sketch>} */
const sketches = new RowStore();
/** @type {Map<string, string>} */
let boardNames = new Map();

const list = new SketchList();
const gallery = new ExampleGallery();
const drop = new FileDrop();
need("[data-slot=sketches]").append(list.element);
need("[data-slot=gallery]").append(gallery.element);
need("[data-slot=import]").append(drop.element);

const names = () => [...sketches.rows.values()].map((sketch) => sketch.name);

function draw() {
  const rows = sketches.sorted((a, b) => b.updated_at.localeCompare(a.updated_at));
  list.set(rows, (fqbn) => boardNames.get(fqbn) ?? (fqbn || "No board chosen yet"));
}

async function sync() {
  const answer = await attempt(api.get("/sketches", { replaces: "sketches" }));
  if (answer) sketches.replaceAll(answer.sketches);
  draw();
}

/** @param {Sketch} sketch */
function enter(sketch) {
  location.href = `/sketches/${encodeURIComponent(sketch.id)}`;
}

/**
 * Ask for a name and create the sketch.
 * @param {string} suggestion
 * @param {string} [example]
 */
async function create(suggestion, example) {
  const name = await promptDialog({
    title: example ? `New sketch from ${suggestion}` : "New sketch",
    label: "Name", value: freeName(suggestion, names()), yes: "Create", validate: sketchNameError,
  });
  if (!name) return;
  const sketch = await attempt(api.post("/sketches", example ? { name, example } : { name }));
  if (sketch) enter(sketch);
}

/** @param {File} file */
async function importFile(file) {
  const form = new FormData();
  form.append("file", file);
  const sketch = await attempt(api.send("POST", "/sketches/import", { form }));
  if (!sketch) return;
  sketches.apply(sketch);
  notices.say([`Imported “${sketch.name}”.`, ...(sketch.notices ?? [])].join(" "));
}

/** @param {Sketch} sketch */
async function remove(sketch) {
  const sure = await confirmDialog({
    title: `Delete “${sketch.name}”?`,
    text: "This also deletes all its revisions. Bots that run it keep running it. Download it first if you may need it again.",
    yes: "Delete", no: "Keep it", danger: true,
  });
  if (!sure) return;
  const done = await attempt(api.send("DELETE", `/sketches/${encodeURIComponent(sketch.id)}`).then(() => true));
  if (!done) return;
  sketches.remove(sketch.id);
  announce(`Deleted ${sketch.name}.`);
}

sketches.addEventListener("change", draw);
sketches.addEventListener("remove", draw);
list.addEventListener("remove", (event) => void remove(/** @type {CustomEvent<Sketch>} */ (event).detail));
gallery.addEventListener("choose", (event) => {
  const example = /** @type {CustomEvent<Example>} */ (event).detail;
  void create(example.name, example.name);
});
drop.addEventListener("file", (event) => void importFile(/** @type {CustomEvent<File>} */ (event).detail));
need("[data-action=new]").addEventListener("click", () => void create("MySketch"));

/** @type {(sketch: Sketch) => void} */
const saved = (sketch) => void sketches.apply(sketch);
live.on(EventName.SKETCH_SAVED, saved);
live.onSync(sync);
live.start();
void sync();
void attempt(api.get("/examples")).then((answer) => answer && gallery.set(answer.examples));
void attempt(api.get("/boards")).then((catalog) => {
  if (catalog) boardNames = new Map(catalog.boards.map((/** @type {{fqbn: string, name: string}} */ board) => [board.fqbn, board.name]));
  draw();
});
