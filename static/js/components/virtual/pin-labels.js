/** What the state of a pin means for people. */

/**
 * @typedef {{pin: number, mode: number, level: number, duty: number, bits: number, edges: number, reads: "" | "digital" | "analog"}} PinState
 * @typedef {"led" | "button" | "slider"} PinKind
 */

const OUTPUTS = new Set([0x03, 0x13]);
const PULL_UP = 0x05;
const TRIGGER_PIN = 0;
/** @type {Record<number, string>} */
const MODES = { 0x01: "input", 0x03: "output", 0x05: "input, pull-up", 0x09: "input, pull-down", 0x13: "open drain", 0xc0: "analog input" };
/** @type {Record<number, string>} */
const NAMES = { 37: "A1", 38: "A2", 0: "trigger", 1: "TX", 2: "LED", 3: "RX", 36: "A0", 39: "A3", 34: "A6", 35: "A7", 32: "A4", 33: "A5" };

/** @param {PinState} state */
export function isOutput({ mode, bits }) {
  return bits > 0 || OUTPUTS.has(mode);
}

/** How bright an LED on this pin would be, 0 to 1. @param {PinState} state */
export function brightnessOf(state) {
  if (state.bits > 0) return Math.min(1, Math.max(0, state.duty / (2 ** state.bits - 1)));
  return state.level;
}

/** @param {PinState} state @returns {PinKind} */
export function kindOf(state) {
  if (isOutput(state)) return "led";
  if (state.reads === "analog") return "slider";
  // Its button is on the board already.
  return state.pin === TRIGGER_PIN ? "led" : "button";
}

/** @param {number} pin */
export function nameOf(pin) {
  return NAMES[pin] ? `GPIO ${pin} (${NAMES[pin]})` : `GPIO ${pin}`;
}

/** @param {PinState} state */
export function modeText(state) {
  if (state.bits > 0) return "PWM";
  return state.reads === "analog" ? "analog input" : MODES[state.mode] ?? "not set";
}

/** @param {PinState} state */
export function valueText(state) {
  if (state.bits > 0) return `${Math.round(brightnessOf(state) * 100)} %`;
  return state.level ? "HIGH" : "LOW";
}

/** The level that a pressed button puts on an input. @param {PinState} state */
export function pressedLevel({ mode, pin }) {
  return mode === PULL_UP || pin === TRIGGER_PIN ? 0 : 1;
}
