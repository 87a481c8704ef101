/**
 * The two slots of a virtual bot and what its bootloader does with them, as on an ESP32 with rollback:
 * a new image boots once on trial; unless it is confirmed before the next boot, the previous one comes back.
 * Every function takes a state and gives the next; nothing is changed in place.
 */

/** @typedef {{bytes: Uint8Array, sha256: string, project: string, version: string}} Image */
/**
 * @typedef {object} Flash
 * @property {[Image | null, Image | null]} slots
 * @property {0 | 1} running the slot that runs, or ran last.
 * @property {0 | 1 | null} next a slot with a new image that boots next.
 * @property {boolean} onTrial whether the running image is not confirmed yet.
 * @property {number} badBoots crashes and hangs in a row.
 * @property {"normal" | "rolled_back" | "rescue"} boot how the last boot went.
 */

/** ESP-IDF's numbers, as HOST_INTERFACE.md gives them. */
export const Reason = { POWER_ON: 1, SOFTWARE: 3, CRASH: 4, WATCHDOG: 6 };

export const BAD_BOOTS_BEFORE_RESCUE = 3;
/** Also the rescue failed: booting on would only repeat it. */
export const BAD_BOOTS_BEFORE_OFF = 5;

/** @returns {Flash} */
export function emptyFlash() {
  return { slots: [null, null], running: 0, next: null, onTrial: false, badBoots: 0, boot: "normal" };
}

/**
 * The running image; null if the slot is empty.
 * @param {Flash} flash
 */
export function runningImage(flash) {
  return flash.slots[flash.running];
}

/**
 * A flash over USB writes slot 0 and forgets which slot was the newer one; such an image is not on trial.
 * @param {Flash} flash
 * @param {Image} image
 * @returns {Flash}
 */
export function flashedOverUsb(flash, image) {
  return { ...emptyFlash(), slots: [image, flash.slots[1]] };
}

/**
 * An update was written and checked: it boots next.
 * @param {Flash} flash
 * @param {Image} image
 * @returns {Flash}
 */
export function withUpdate(flash, image) {
  const spare = flash.running === 0 ? 1 : 0;
  const slots = /** @type {Flash["slots"]} */ ([...flash.slots]);
  slots[spare] = image;
  return { ...flash, slots, next: spare };
}

/**
 * @param {Flash} flash
 * @returns {Flash}
 */
export function confirmed(flash) {
  return { ...flash, onTrial: false };
}

/**
 * The program ran long enough to count as sound.
 * @param {Flash} flash
 * @returns {Flash}
 */
export function stabilised(flash) {
  return flash.badBoots === 0 ? flash : { ...flash, badBoots: 0 };
}

/**
 * What the bootloader chooses.
 * @param {Flash} flash
 * @param {number} reason why the bot starts, a `Reason`.
 * @returns {Flash}
 */
export function booted(flash, reason) {
  if (flash.next !== null) return { ...flash, running: flash.next, next: null, onTrial: true, badBoots: 0, boot: "normal" };
  const previous = flash.running === 0 ? 1 : 0;
  if (flash.onTrial && flash.slots[previous]) {
    return { ...flash, running: previous, onTrial: false, badBoots: 0, boot: "rolled_back" };
  }
  const badBoots = countBadBoots(flash, reason);
  return { ...flash, badBoots, boot: badBoots >= BAD_BOOTS_BEFORE_RESCUE ? "rescue" : "normal" };
}

/**
 * @param {Flash} flash
 * @param {number} reason
 */
function countBadBoots(flash, reason) {
  if (reason === Reason.POWER_ON) return 0;
  return reason === Reason.CRASH || reason === Reason.WATCHDOG ? flash.badBoots + 1 : flash.badBoots;
}
