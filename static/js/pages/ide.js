/** The sketch page: wires sources, builds and bots together. */

import { BoardPicker } from "../components/build/board-picker.js";
import { showShortcuts } from "../components/editor/shortcuts-dialog.js";
import { need, setText, show } from "../core/dom.js";
import { EventName } from "../core/events.js";
import { SketchBuilds } from "../components/build/sketch-builds.js";
import { SketchDocument } from "../components/editor/sketch-document.js";
import { showHistory } from "../components/editor/history.js";
import { SendController } from "../components/device/send-controller.js";
import { startShell } from "../components/ui/shell.js";

/** @typedef {import("../core/events.js").Catalog} Catalog */
/** @typedef {import("../core/events.js").Sketch} Sketch */
/** @typedef {import("../core/events.js").Diagnostic} Diagnostic */

const TICK_MS = 1000;

const shell = startShell();
const { api, live, notices, attempt } = shell;
const root = need("[data-sketch-id]");
const sketchId = root.dataset.sketchId ?? "";
const sources = new SketchDocument(shell, sketchId, "editor");
const building = new SketchBuilds(shell, sketchId);
const sending = new SendController(shell, () => ({
  saveState: sources.autosave.state, revision: sources.sketch?.revision ?? 0, build: building.shown,
}));
const boards = new BoardPicker();
/** @type {Catalog} */
let catalog = { boards: [], cores: [], tool_version: "" };
let marked = "";

const compileButton = /** @type {HTMLButtonElement} */ (need("[data-action=compile]"));
const stopButton = need("[data-action=stop]");
const nameButton = need("[data-action=rename]");

/** @type {Record<string, HTMLElement>} */
const slots = {
  tabs: sources.tabs.element, editor: sources.editor.element, "save-state": sources.saveState.element,
  boards: boards.element, "board-hint": boards.hint, timeline: sending.timeline.element, send: sending.panel.element, "virtual-bot": sending.virtualBot.element, output: building.output.element,
  build: building.bar.element, result: building.result.element, history: building.history.element,
};
for (const [name, element] of Object.entries(slots)) need(`[data-slot=${name}]`).append(element);

function drawSketch() {
  const { sketch } = sources;
  if (!sketch) return;
  setText(need("[data-sketch-name]"), sketch.name);
  document.title = `${sketch.name} – Airsketch`;
  boards.set(catalog, sketch.fqbn);
  sending.draw();
  drawCompile();
}

function drawCompile() {
  const board = catalog.boards.find((item) => item.fqbn === sources.sketch?.fqbn);
  show(stopButton, building.isOpen);
  show(compileButton, !building.isOpen);
  // Once all is built, sending is the next thing to do.
  const isBuilt = building.shown?.state === "succeeded" && building.shown.sketch_revision === sources.sketch?.revision;
  compileButton.classList.toggle("button--accent", !isBuilt || sources.autosave.isDirty);
  compileButton.disabled = !board?.available;
  compileButton.title = board?.available ? "Save and compile (Ctrl+Enter)" : board?.reason || "Choose a board first";
}

function drawBuild() {
  const { shown } = building;
  const key = `${shown?.id} ${shown?.state}`;
  // Marks move with the text; setting them again would put them back to where they were.
  if (shown && key !== marked) {
    sources.mark(shown.diagnostics);
    if (shown.state === "failed" && shown.diagnostics.length > 0) building.output.choose("problems");
  }
  marked = key;
  drawCompile();
  sending.draw();
}

let isAsking = false;
async function compile() {
  if (isAsking || building.isOpen || compileButton.disabled) return;
  isAsking = true;
  try {
    if (await sources.autosave.flush()) await building.compile(sources.sketch?.fqbn ?? "");
    else notices.warn(`Not compiled, because your latest changes are not saved. ${sources.autosave.message}`);
  } finally {
    isAsking = false;
  }
}

/** @param {string} view which part a phone shows. */
function switchView(view) {
  root.dataset.view = view;
  for (const button of root.querySelectorAll("[data-view-button]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-view-button") === view));
  }
}

/** @type {Record<string, () => unknown>} */
const shortcuts = { "mod Enter": compile, "mod s": () => sources.autosave.flush(), F1: showShortcuts, "?": showShortcuts };

/** @param {KeyboardEvent} event */
function shortcut(event) {
  const key = `${event.ctrlKey || event.metaKey ? "mod " : ""}${event.key}`;
  const isTyping = event.target instanceof Element && event.target.closest("input, select, [contenteditable=true]");
  if (!(key in shortcuts) || (key === "?" && isTyping) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  event.stopPropagation();
  void shortcuts[key]();
}

async function sync() {
  const [answer] = await Promise.all([
    attempt(api.get("/boards")), building.sync(), sending.sync(), sources.sketch && sources.sync(),
  ]);
  if (answer) catalog = answer;
  drawSketch();
}

function listen() {
  sources.addEventListener("sketch", drawSketch);
  sources.addEventListener("state", () => {
    sending.draw();
    drawCompile();
  });
  building.addEventListener("change", drawBuild);
  building.problems.addEventListener("open", (event) => {
    switchView("code");
    sources.reveal(/** @type {CustomEvent<Diagnostic>} */ (event).detail);
  });
  boards.addEventListener("choose", (event) => void sources.setBoard(/** @type {CustomEvent<string>} */ (event).detail));
  compileButton.addEventListener("click", () => {
    switchView("build");
    void compile();
  });
  stopButton.addEventListener("click", () => void building.stop());
  nameButton.addEventListener("click", () => void sources.rename());
  need("[data-action=history]").addEventListener("click", () => void showHistory(shell, sources));
  need("[data-action=shortcuts]").addEventListener("click", () => void showShortcuts());
  for (const button of root.querySelectorAll("[data-view-button]")) {
    button.addEventListener("click", () => switchView(button.getAttribute("data-view-button") ?? "code"));
  }
  addEventListener("keydown", shortcut, { capture: true });
  live.on(EventName.SKETCH_SAVED, (/** @type {Sketch} */ sketch) => void sources.applyEvent(sketch));
  live.on(EventName.BOARDS_CHANGED, (/** @type {Catalog} */ changed) => {
    catalog = changed;
    drawSketch();
  });
}

listen();
switchView("code");
live.start();
await Promise.all([sources.open(), sync()]);
// The build may have come before there was a text to mark.
marked = "";
drawBuild();
drawSketch();
root.removeAttribute("data-loading");
live.onSync(sync);
setInterval(() => {
  building.tick();
  sending.tick();
}, TICK_MS);
