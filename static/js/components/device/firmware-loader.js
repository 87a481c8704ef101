/** Keeps what a bot runs up to date: asked for again when its image or the sketch changes. */

/** @typedef {import("../../core/events.js").Device} Device */
/** @typedef {import("../../core/events.js").Firmware} Firmware */

export class FirmwareLoader {
  #wanted = "";

  /**
   * @param {import("../ui/shell.js").Shell} shell
   * @param {() => void} onChange
   */
  constructor(shell, onChange) {
    this.shell = shell;
    this.onChange = onChange;
    /** @type {Firmware | undefined} */
    this.firmware = undefined;
  }

  /**
   * @param {Device | undefined} device
   * @param {number} [revision] newest revision of the sketch that the page knows; another one asks again.
   */
  async follow(device, revision = 0) {
    const wanted = device ? `${device.id} ${device.image_digest} ${revision}` : "";
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (device?.id !== this.firmware?.device_id) this.firmware = undefined;
    if (!device) return;
    const path = `/devices/${encodeURIComponent(device.id)}/firmware`;
    const answer = await this.shell.attempt(this.shell.api.get(path, { replaces: "firmware" }));
    if (!answer || wanted !== this.#wanted) return;
    this.firmware = answer;
    this.onChange();
  }
}
