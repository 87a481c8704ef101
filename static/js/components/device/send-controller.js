/** The sketch page's bots: choose one, send it the build, follow the update. */

import { TimelineView } from "./timeline-view.js";
import { SendPanel } from "./send-panel.js";
import { timelineOf } from "./timeline.js";
import { FirmwareLoader } from "./firmware-loader.js";
import { EventName } from "../../core/events.js";
import { sendActions } from "./send-actions.js";
import { RowStore, newestFirst } from "../../core/store.js";
import { VirtualSidePanel } from "../virtual/side-panel.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").Device} Device */
/** @typedef {import("../../core/events.js").Update} Update */
/** @typedef {{saveState: string, revision: number, build: Build | undefined}} Situation */

const KEY = "airsketch:bot";

export class SendController {
  /**
   * @param {import("../ui/shell.js").Shell} shell
   * @param {() => Situation} situation how the sketch and its build stand.
   */
  constructor(shell, situation) {
    this.shell = shell;
    this.situation = situation;
    /** @type {RowStore<Device>} */
    this.devices = new RowStore();
    /** @type {RowStore<Update>} */
    this.updates = new RowStore();
    this.chosenId = localStorage.getItem(KEY) ?? "";
    this.timeline = new TimelineView();
    this.panel = new SendPanel();
    this.virtualBot = new VirtualSidePanel(shell);
    this.loader = new FirmwareLoader(shell, () => this.draw());
    this.panel.addEventListener("choose", (event) => void this.choose(/** @type {CustomEvent<string>} */ (event).detail));
    this.panel.addEventListener("send", () => void this.send());
    this.panel.addEventListener("cancel", () => void this.cancel());
    shell.live.on(EventName.DEVICE_CHANGED, (/** @type {Device} */ device) => this.#changed(this.devices.apply(device)));
    shell.live.on(EventName.UPDATE_CHANGED, (/** @type {Update} */ update) => this.#changed(this.updates.apply(update)));
  }

  /** The bot that is chosen: the last one used, else the first. */
  get chosen() {
    return this.devices.get(this.chosenId) ?? this.#inOrder()[0];
  }

  /** The newest update of the chosen bot. */
  get update() {
    const id = this.chosen?.id;
    return this.updates.sorted(newestFirst).find((update) => update.device_id === id);
  }

  async sync() {
    const answer = await this.shell.attempt(this.shell.api.get("/devices", { replaces: "devices" }));
    if (!answer) return;
    this.devices.replaceAll(answer.devices);
    await this.#fetchUpdates();
  }

  /** @param {string} id */
  async choose(id) {
    this.chosenId = id;
    localStorage.setItem(KEY, id);
    this.draw();
    await this.#fetchUpdates();
  }

  async send() {
    const { chosen } = this;
    const { build } = this.situation();
    if (!chosen || !build) return;
    this.panel.sendButton.disabled = true;
    const path = `/devices/${encodeURIComponent(chosen.id)}/send`;
    const update = await this.shell.attempt(this.shell.api.post(path, { build_id: build.id }));
    if (update) this.updates.apply(update);
    this.draw();
  }

  async cancel() {
    const { update } = this;
    const answer = update && await this.shell.attempt(this.shell.api.post(`/updates/${encodeURIComponent(update.id)}/cancel`));
    if (answer) this.updates.apply(answer);
    this.draw();
  }

  draw() {
    const { chosen, update } = this;
    const facts = this.situation();
    void this.loader.follow(chosen, facts.revision);
    const { firmware } = this.loader;
    this.timeline.set(timelineOf({ ...facts, update, bot: chosen?.id ?? "", running: chosen?.image_digest, firmware }));
    this.panel.setDevices(this.#inOrder(), chosen);
    this.panel.setFirmware(firmware);
    this.panel.setActions(sendActions({ ...facts, update, device: chosen }));
    void this.virtualBot.set(chosen, facts.build);
  }

  tick() {
    this.panel.tick();
  }

  /** @param {boolean} isChanged */
  #changed(isChanged) {
    if (isChanged) this.draw();
  }

  #inOrder() {
    return this.devices.sorted((a, b) => a.id.localeCompare(b.id));
  }

  async #fetchUpdates() {
    const { chosen } = this;
    const path = chosen && `/devices/${encodeURIComponent(chosen.id)}/updates`;
    const answer = path && await this.shell.attempt(this.shell.api.get(path, { replaces: "updates" }));
    for (const update of answer?.updates ?? []) this.updates.apply(update);
    this.draw();
  }
}
