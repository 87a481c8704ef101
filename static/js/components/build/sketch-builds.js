/** The sketch page's builds: ask for one, stop it, follow its log, show what it gave. */

import { BuildBar } from "./bar.js";
import { BuildHistory } from "./history.js";
import { BuildResult } from "./result.js";
import { Console } from "./console.js";
import { Problems } from "./problems.js";
import { Tabs } from "../ui/tabs.js";
import { EventName } from "../../core/events.js";
import { LineSplitter, LogBuffer } from "../../core/log-buffer.js";
import { RowStore, newestFirst } from "../../core/store.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").QueuePlace} QueuePlace */
/** @typedef {import("../../core/events.js").LogPiece} LogPiece */

const MAX_CHUNKS = 200;

/** Fires `change` when the shown build changed in any way. */
export class SketchBuilds extends EventTarget {
  /**
   * @param {import("../ui/shell.js").Shell} shell
   * @param {string} sketchId
   */
  constructor(shell, sketchId) {
    super();
    this.shell = shell;
    this.sketchId = sketchId;
    /** @type {RowStore<Build>} */
    this.builds = new RowStore();
    /** @type {Map<string, QueuePlace>} */
    this.queue = new Map();
    this.shownId = "";
    this.reusedId = "";
    this.log = new LogBuffer();
    this.lines = new LineSplitter();
    this.isFetching = false;
    this.bar = new BuildBar();
    this.result = new BuildResult((build, name) => `/api/v1/builds/${build.id}/artifacts/${encodeURIComponent(name)}`);
    this.history = new BuildHistory();
    this.console = new Console();
    this.problems = new Problems();
    this.output = new Tabs("Build output", [
      { key: "console", label: "Console", panel: this.console.element },
      { key: "problems", label: "Problems", panel: this.problems.element },
    ], this.console.followSwitch);
    this.#listen();
  }

  /** The build that the page shows: the newest, unless the person chose another. */
  get shown() {
    return this.builds.get(this.shownId);
  }

  get isOpen() {
    return this.shown?.state === "queued" || this.shown?.state === "running";
  }

  /** @param {string} fqbn */
  async compile(fqbn) {
    const { api, attempt } = this.shell;
    const answer = await attempt(api.post(`/sketches/${encodeURIComponent(this.sketchId)}/builds`, { fqbn }));
    if (!answer) return;
    this.reusedId = answer.reused ? answer.build.id : "";
    if (answer.queue) this.queue.set(answer.build.id, answer.queue);
    this.output.choose("console");
    this.builds.apply(answer.build);
    await this.show(answer.build.id);
  }

  async stop() {
    const { shown } = this;
    const answer = shown && await this.shell.attempt(this.shell.api.post(`/builds/${shown.id}/stop`));
    if (answer) this.builds.apply(answer);
  }

  /** Fetch everything again: at the start, and after a lost connection. */
  async sync() {
    const { api, attempt } = this.shell;
    const answer = await attempt(api.get(`/sketches/${encodeURIComponent(this.sketchId)}/builds`, { replaces: "builds" }));
    if (!answer) return;
    this.builds.replaceAll(answer.builds);
    const newest = this.#newest();
    if (newest?.state === "queued") await this.#askQueue(newest.id);
    if (this.shown) await this.#fetchLog();
    else if (newest) await this.show(newest.id);
    this.#draw();
  }

  /**
   * Show a build with its log from the start.
   * @param {string} id
   */
  async show(id) {
    if (id === this.shownId) return this.#draw();
    if (this.shownId) this.shell.live.leave(`build:${this.shownId}`);
    this.shownId = id;
    this.log = new LogBuffer();
    this.lines = new LineSplitter();
    this.console.clear();
    this.#draw();
    await this.shell.live.join(`build:${id}`);
    await this.#fetchLog();
  }

  /** Move the clocks. */
  tick() {
    this.bar.tick();
  }

  #listen() {
    const { live } = this.shell;
    live.on(EventName.BUILD_CHANGED, (/** @type {Build} */ build) => this.#changed(build));
    live.on(EventName.BUILD_LOG, (/** @type {LogPiece} */ piece) => void this.#receiveLog(piece));
    live.on(EventName.BUILD_QUEUE, (/** @type {QueuePlace} */ place) => {
      this.queue.set(place.build_id, place);
      if (place.build_id === this.shownId) this.#draw();
    });
    this.history.addEventListener("choose", (event) => void this.show(/** @type {CustomEvent<string>} */ (event).detail));
    this.builds.addEventListener("change", (event) => {
      if (/** @type {CustomEvent<Build>} */ (event).detail.id === this.shownId) this.#draw();
    });
  }

  /** @param {Build} build */
  #changed(build) {
    if (build.sketch_id !== this.sketchId) return;
    const wasNewest = (this.#newest()?.id ?? "") === this.shownId;
    const isNew = !this.builds.get(build.id);
    this.builds.apply(build);
    if (isNew && wasNewest && this.#newest()?.id === build.id) void this.show(build.id);
    // The last lines may have come while nobody listened.
    if (build.id === this.shownId && build.finished_at) void this.#fetchLog();
    this.#drawHistory();
  }

  /** @param {LogPiece} piece */
  async #receiveLog(piece) {
    if (piece.build_id !== this.shownId) return;
    if (this.#take(piece.start, piece.text)) await this.#fetchLog();
  }

  /** Fetch from where the log ends here; one request at a time. */
  async #fetchLog() {
    if (this.isFetching) return;
    this.isFetching = true;
    const id = this.shownId;
    for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) if (!(await this.#fetchPiece(id))) break;
    this.isFetching = false;
    // The person has chosen another build meanwhile.
    if (id !== this.shownId) await this.#fetchLog();
    else if (this.shown?.finished_at) this.console.push(this.lines.end());
  }

  /**
   * @param {string} id
   * @returns {Promise<boolean>} whether there may be more.
   */
  async #fetchPiece(id) {
    const answer = await this.shell.attempt(this.shell.api.get(`/builds/${id}/log?from=${this.log.next}`));
    if (id !== this.shownId || !answer?.text) return false;
    this.#take(answer.start, answer.text);
    return true;
  }

  /**
   * @param {number} start
   * @param {string} text
   * @returns {boolean} whether there is a gap before this piece.
   */
  #take(start, text) {
    const outcome = this.log.accept(start, text);
    if (outcome.kind === "text") this.console.push(this.lines.push(outcome.text));
    return outcome.kind === "gap";
  }

  /** @param {string} id */
  async #askQueue(id) {
    const answer = await this.shell.attempt(this.shell.api.get(`/builds/${id}`));
    if (answer?.queue) this.queue.set(id, answer.queue);
    if (answer) this.builds.apply(answer.build);
  }

  #newest() {
    return this.builds.sorted(newestFirst)[0];
  }

  #draw() {
    const { shown } = this;
    this.bar.set(shown, this.queue.get(this.shownId), this.reusedId === this.shownId);
    this.result.set(shown);
    const diagnostics = shown?.diagnostics ?? [];
    this.problems.set(diagnostics, Boolean(shown?.finished_at));
    this.output.setCount("problems", diagnostics.length, diagnostics.some((item) => item.severity === "error"));
    this.#drawHistory();
    this.dispatchEvent(new Event("change"));
  }

  #drawHistory() {
    this.history.set(this.builds.sorted(newestFirst), this.shownId);
  }
}
