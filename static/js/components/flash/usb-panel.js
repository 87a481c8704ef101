/** Connects and writes over USB, with the progress. */

import { announce, el, setText, show } from "../../core/dom.js";
import { chipTitle } from "./plan.js";
import { icon } from "../../core/icons.js";

/** Fires `connect` and `write`. */
export class UsbPanel extends EventTarget {
  constructor() {
    super();
    this.state = el("p", { class: "flash-usb__state", role: "status" });
    this.connect = el("button", { class: "button button--accent", type: "button" }, icon("usb"), "Connect over USB");
    this.write = el("button", { class: "button button--accent", type: "button", hidden: true }, icon("download"), "Write to bot");
    this.progress = el("progress", { class: "flash-usb__progress", max: "100", "aria-label": "Write progress", hidden: true });
    this.element = el(
      "div", { class: "flash-usb" }, this.state, el("div", { class: "flash-usb__actions" }, this.connect, this.write), this.progress,
    );
    this.connect.addEventListener("click", () => this.dispatchEvent(new Event("connect")));
    this.write.addEventListener("click", () => this.dispatchEvent(new Event("write")));
  }

  /** The port cannot be used from here. @param {string} why */
  setUnavailable(why) {
    this.#show({ text: `${why} Use the files below instead.`, tone: "warn" });
    show(this.connect, false);
  }

  /** @param {boolean} isReady whether there is something to write and a network to join. */
  offer(isReady) {
    const text = isReady
      ? "Connect the bot with a USB data cable, then choose its port."
      : "Choose a build and set up Wi-Fi first.";
    this.#show({ text, canConnect: isReady });
  }

  connecting() {
    this.#show({ text: "Detecting the chip…", isBusy: true });
  }

  /**
   * @param {string} chip what is plugged in.
   * @param {string} wanted what the build is for.
   */
  connected(chip, wanted) {
    if (chip === wanted) this.#show({ text: `Connected: ${chipTitle(chip)}, which matches the build.`, tone: "good", canWrite: true });
    else {
      const text = `This is an ${chipTitle(chip)}; the build is for an ${chipTitle(wanted)}. Choose another build or connect another board.`;
      this.#show({ text, tone: "bad" });
    }
  }

  /** @param {number} percent */
  writing(percent) {
    const isNew = this.progress.hidden;
    this.#show({ text: `Writing: ${percent} %. Do not unplug the cable.`, isBusy: true });
    show(this.progress, true);
    this.progress.value = percent;
    if (isNew) announce("Writing to the bot.");
  }

  done() {
    this.#show({ text: "Done. The bot is restarting.", tone: "good" });
  }

  /** @param {string} why */
  fail(why) {
    this.#show({ text: why, tone: "bad" });
  }

  /** @param {{text: string, tone?: string, isBusy?: boolean, canConnect?: boolean, canWrite?: boolean}} look */
  #show({ text, tone = "", isBusy = false, canConnect = true, canWrite = false }) {
    setText(this.state, text);
    this.state.dataset.tone = tone;
    this.connect.disabled = isBusy || !canConnect;
    this.connect.classList.toggle("button--accent", !canWrite);
    show(this.write, canWrite);
    show(this.progress, false);
  }
}
