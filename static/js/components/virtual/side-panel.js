/** The virtual bot next to the editor: its board, so that a sketch is seen to run where it is written. */

import { el, fill, setText, show } from "../../core/dom.js";
import { messageOf } from "../../core/errors.js";
import { icon } from "../../core/icons.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").Device} Device */
/** @typedef {import("./session.js").VirtualSession} VirtualSession */

export class VirtualSidePanel {
  /** @param {import("../ui/shell.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    this.board = el("div", {});
    this.hint = el("p", { class: "hint" });
    this.link = el("a", { href: "/devices" }, "Open full view");
    this.keyButton = el("button", { class: "button button--small", type: "button", onclick: () => void this.#takeKey() });
    this.startButton = el("button", { class: "button button--small", type: "button", onclick: () => this.session?.start() }, icon("play"), "Run here");
    this.flashButton = el("button", { class: "button button--small", type: "button", onclick: () => void this.#flash() }, "Install first sketch");
    this.element = el(
      "div", { class: "side-panel", hidden: true }, this.board, this.hint,
      el("div", { class: "side-panel__foot" }, this.keyButton, this.startButton, this.flashButton, this.link),
    );
    /** @type {VirtualSession | undefined} */
    this.session = undefined;
    this.deviceId = "";
    this.isVirtual = false;
    this.isSettingUp = false;
    /** @type {Build | undefined} */
    this.build = undefined;
  }

  /**
   * Show the chosen bot if it is a virtual one, or may become one because no board ever checked in with its id.
   * @param {Device | undefined} device
   * @param {Build | undefined} build the newest of this sketch.
   */
  async set(device, build) {
    this.build = build;
    this.isVirtual = Boolean(device?.is_virtual);
    const id = device && (device.is_virtual || !device.last_seen_at) ? device.id : "";
    show(this.element, Boolean(id));
    if (id !== this.deviceId) await this.#open(id, device);
    this.#draw();
  }

  /**
   * @param {string} id
   * @param {Device | undefined} device
   */
  async #open(id, device) {
    this.deviceId = id;
    this.session?.bot.stop();
    this.session = undefined;
    fill(this.board);
    if (!id) return;
    this.link.href = `/devices/${encodeURIComponent(id)}/virtual`;
    // Most sketches never meet a virtual bot; the page need not wait for its code.
    const { openVirtualBot, unsupportedReason } = await import("./session.js");
    if (unsupportedReason()) return;
    const session = await openVirtualBot(id);
    if (id !== this.deviceId) return;
    this.session = session;
    session.bot.addEventListener("state", () => this.#draw());
    fill(this.board, session.board.element, session.parts.element, el("details", { class: "side-panel__serial" }, el("summary", {}, "Serial Monitor"), session.serial.element));
    if (session.bot.hasKey && session.bot.hasImage && !await session.tab.isHeldElsewhere()) session.start();
    else if (!session.bot.hasImage) await this.#setUp(session, device);
  }

  /**
   * Let a bot that nobody used yet live here, with a first sketch, before anybody asks.
   * @param {VirtualSession} session
   * @param {Device | undefined} device
   */
  async #setUp(session, device) {
    const { firstBuild, imageBytes, isFree } = await import("./first-sketch.js");
    if (!session.bot.hasKey && !await this.shell.attempt(isFree(this.shell.api, device))) return;
    this.isSettingUp = true;
    this.#draw();
    try {
      if (!session.bot.hasKey) await this.#takeIdentity(session);
      const first = await firstBuild(this.shell.api);
      if (first) session.flashOverUsb(await imageBytes(this.shell.api, first));
    } catch (error) {
      this.shell.notices.warn(error instanceof Error && error.constructor === Error ? error.message : messageOf(error));
    } finally {
      this.isSettingUp = false;
    }
  }

  /** @param {VirtualSession} session */
  async #takeIdentity(session) {
    const { device_key: deviceKey } = await this.shell.api.post(`/virtual-bots/${encodeURIComponent(session.bot.parts.productId)}/key`);
    session.bot.setIdentity(deviceKey);
  }

  #draw() {
    const bot = this.session?.bot;
    const hint = this.#hint();
    setText(this.hint, hint);
    show(this.hint, Boolean(hint));
    show(this.board, Boolean(bot?.hasKey));
    show(this.link, this.isVirtual);
    setText(this.keyButton, this.isVirtual ? "Move to this browser" : "Simulate in this browser");
    const next = this.#nextStep();
    show(this.keyButton, next === "key");
    show(this.flashButton, next === "flash");
    show(this.startButton, next === "start");
  }

  /** @returns {"key" | "flash" | "start" | ""} what a person can do now to see it run. */
  #nextStep() {
    const bot = this.session?.bot;
    if (!bot || this.isSettingUp) return "";
    if (!bot.hasKey) return "key";
    if (!bot.hasImage) return isForVirtualBot(this.build) ? "flash" : "";
    return bot.power === "off" ? "start" : "";
  }

  #hint() {
    const bot = this.session?.bot;
    if (!bot) return "";
    if (this.isSettingUp) return "Setting up the virtual bot: its first sketch is being installed, as on a new board.";
    if (!bot.hasKey) {
      return this.isVirtual
        ? "This virtual bot runs in another browser. Moving it here gives it a new key and a new first sketch."
        : "No board at hand? Simulate this bot here: it runs the same sketches and updates over the air.";
    }
    return bot.hasImage ? "" : "The bot is new: compile this sketch for the board “Virtual bot”, then install it. Later sketches arrive over the air.";
  }

  async #takeKey() {
    const { session } = this;
    if (!session) return;
    this.keyButton.disabled = true;
    await this.shell.attempt(this.#takeIdentity(session));
    this.keyButton.disabled = false;
    if (!session.bot.hasKey) return;
    this.isVirtual = true;
    if (isForVirtualBot(this.build)) await this.#flash();
    this.#draw();
  }

  async #flash() {
    if (!this.session || !this.build) return;
    this.flashButton.disabled = true;
    try {
      const { imageBytes } = await import("./first-sketch.js");
      this.session.flashOverUsb(await imageBytes(this.shell.api, this.build.id));
    } catch (error) {
      this.shell.notices.warn(messageOf(error));
    } finally {
      this.flashButton.disabled = false;
      this.#draw();
    }
  }
}

/** @param {Build | undefined} build */
function isForVirtualBot(build) {
  return build?.state === "succeeded" && build.fqbn === "airsketch:virtual:bot";
}
