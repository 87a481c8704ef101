/** The initial flash over USB: what fits, what is cut from the image, and error messages. */

/**
 * @typedef {{name: string, offset: number, size_bytes: number, is_secret: boolean}} FlashPart
 * @typedef {{chip: string, parts: FlashPart[], factory_name: string, factory_bytes: number, command: string,
 *   parts_command: string}} FlashPlan
 * @typedef {{address: number, data: Uint8Array}} FlashPiece
 */

/** What each part is for. @type {Record<string, string>} */
export const PART_DESCRIPTIONS = {
  "bootloader.bin": "bootloader: starts the sketch, rolls back if a new one fails",
  "partitions.bin": "partition table",
  "nvs.bin": "settings: Wi-Fi, server, product ID and device key",
  "boot_app0.bin": "selects slot 0 for the first boot",
  "firmware.bin": "the sketch",
};

/**
 * Why this page cannot use a USB port here; empty if it can.
 * @param {{isSecureContext: boolean, hasSerial: boolean, origin: string}} place
 */
export function usbUnavailableReason({ isSecureContext, hasSerial, origin }) {
  if (!isSecureContext)
    return `Browsers allow USB only over HTTPS or on localhost; this page was loaded from ${origin}.`;
  if (!hasSerial)
    return "This browser does not support Web Serial. Use Chrome, Edge, or Firefox 151 or newer on a computer.";
  return "";
}

/**
 * The name of a chip as builds call it.
 * @param {string} title as esptool calls it, for example `ESP32-C3`.
 */
export function chipOf(title) {
  return title.toLowerCase().replaceAll("-", "");
}

/**
 * The name of a chip for people.
 * @param {string} chip as builds call it, for example `esp32c3`.
 */
export function chipTitle(chip) {
  return chip.replace(/^esp32(?=.)/, "esp32-").toUpperCase();
}

/** @param {number} offset */
export function offsetText(offset) {
  return `0x${offset.toString(16)}`;
}

/**
 * Cut the parts out of a factory image, so that what lies between them in the flash stays.
 * @param {Uint8Array} image
 * @param {FlashPlan} plan
 * @returns {FlashPiece[]}
 * @throws {RangeError} the image is not the one that was planned.
 */
export function cutParts(image, plan) {
  if (image.length !== plan.factory_bytes) throw new RangeError("The file does not have the planned length.");
  return plan.parts.map(({ offset, size_bytes: size }) => ({ address: offset, data: image.slice(offset, offset + size) }));
}

/**
 * How far a flash is, in percent of all bytes.
 * @param {FlashPlan} plan
 * @param {number} index which part is being written.
 * @param {number} share how much of it is written, 0 to 1.
 */
export function percentDone(plan, index, share) {
  const sizes = plan.parts.map((part) => part.size_bytes);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const before = sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  return Math.min(100, Math.floor(((before + sizes[index] * share) / all) * 100));
}

/**
 * Why a bot cannot find the server at an address; empty if it may.
 * @param {string} server
 */
export function serverWarning(server) {
  const host = URL.canParse(server) ? new URL(server).hostname : "";
  if (["localhost", "127.0.0.1", "[::1]"].includes(host))
    return `For a bot, ${host} is the bot itself. Enter this computer's address in your network, and start the server with HOST=0.0.0.0.`;
  return "";
}

/**
 * The message for a failed flash.
 * @param {unknown} error
 */
export function flashError(error) {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  if (name === "NotFoundError") return "No port was chosen. Connect the bot with a data cable, then try again.";
  if (name === "NetworkError" || name === "InvalidStateError")
    return "The port is busy or gone. Close other programs that use it (a serial monitor, another tab), then plug the bot in again.";
  if (/md5/i.test(message)) return "Verification failed: the flash does not contain what was written. Try another cable or port, then write again.";
  if (/connect|sync|timeout/i.test(message))
    return "The bot does not respond. Hold its BOOT button, press RESET (or plug it in again), release BOOT, then try again.";
  return `Flashing failed: ${message}`;
}
