/** How much a bot may take of a computer that it shares. */

/**
 * @typedef {object} Surroundings
 * @property {boolean} radioIsOn whether there is a network.
 * @property {number} restMs rest after each loop of a sketch that does nothing to be seen, in milliseconds.
 */

const BOTS_A_MS = 5;
const LONGEST_REST_MS = 10;

/**
 * @param {number} count bots that run side by side on a page.
 * @returns {number} the rest of each after a loop, in milliseconds.
 */
export function restFor(count) {
  return Math.min(LONGEST_REST_MS, Math.max(1, Math.ceil(count / BOTS_A_MS)));
}
