/** Throttling of idle bots that share a computer. */

/**
 * @typedef {object} Environment
 * @property {boolean} radioIsOn whether there is a network.
 * @property {number} throttleMs rest after each loop of a sketch that does nothing to be seen, in milliseconds.
 */

const BOTS_PER_MS = 5;
const MAX_THROTTLE_MS = 10;

/**
 * @param {number} count bots that run side by side on a page.
 * @returns {number} the rest of each after a loop, in milliseconds.
 */
export function throttleFor(count) {
  return Math.min(MAX_THROTTLE_MS, Math.max(1, Math.ceil(count / BOTS_PER_MS)));
}
