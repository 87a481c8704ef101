/** What the state of a pin means for people. */

/**
 * @typedef {{pin: number, mode: number, level: number, duty: number, bits: number, edges: number, reads: "" | "digital" | "analog"}} PinState
 * @typedef {"lamp" | "servo" | "button" | "slider"} PinKind
 */

const OUTPUTS = new Set([0x03, 0x13]);
const PULL_UP = 0x05;
const TRIGGER_PIN = 0;
/** @type {Record<number, string>} */
const MODES = { 0x01: "input", 0x03: "output", 0x05: "input, pull-up", 0x09: "input, pull-down", 0x13: "open drain", 0xc0: "analog input" };
/** @type {Record<number, string>} */
const NAMES = { 0: "trigger", 1: "TX", 2: "lamp", 3: "RX", 36: "A0", 39: "A3", 34: "A6", 35: "A7", 32: "A4", 33: "A5" };
// A hobby servo: 50 pulses a second, 0.5 to 2.5 ms wide, written with 16 bits.
const SERVO_BITS = 16;
const SERVO_PERIOD_US = 20_000;
const SERVO_US = { shortest: 500, longest: 2500, zero: 544, full: 2400 };

/** @param {PinState} state */
export function isOutput({ mode, bits }) {
  return bits > 0 || OUTPUTS.has(mode);
}

/** How bright a lamp on this pin would be, 0 to 1. @param {PinState} state */
export function brightnessOf(state) {
  if (state.bits > 0) return Math.min(1, Math.max(0, state.duty / (2 ** state.bits - 1)));
  return state.level;
}

/**
 * The angle of a servo on this pin, 0 to 180 degrees; null if its pulses are not a servo's.
 * @param {PinState} state
 */
export function servoAngleOf({ bits, duty }) {
  const pulseUs = (duty / 65535) * SERVO_PERIOD_US;
  if (bits !== SERVO_BITS || pulseUs < SERVO_US.shortest || pulseUs > SERVO_US.longest) return null;
  const share = (pulseUs - SERVO_US.zero) / (SERVO_US.full - SERVO_US.zero);
  return Math.round(Math.min(1, Math.max(0, share)) * 180);
}

/** @param {PinState} state @returns {PinKind} */
export function kindOf(state) {
  if (isOutput(state)) return servoAngleOf(state) === null ? "lamp" : "servo";
  if (state.reads === "analog") return "slider";
  // Its button is on the board already.
  return state.pin === TRIGGER_PIN ? "lamp" : "button";
}

/** @param {number} pin */
export function nameOf(pin) {
  return NAMES[pin] ? `GPIO ${pin} (${NAMES[pin]})` : `GPIO ${pin}`;
}

/** @param {PinState} state */
export function modeText(state) {
  if (state.bits > 0) return servoAngleOf(state) === null ? "PWM" : "servo";
  return state.reads === "analog" ? "analog input" : MODES[state.mode] ?? "not set";
}

/** @param {PinState} state */
export function valueText(state) {
  const angle = servoAngleOf(state);
  if (state.bits > 0) return angle === null ? `${Math.round(brightnessOf(state) * 100)} %` : `${angle}°`;
  return state.level ? "HIGH" : "LOW";
}

/** The level that a pressed button puts on an input. @param {PinState} state */
export function pressedLevel({ mode, pin }) {
  return mode === PULL_UP || pin === TRIGGER_PIN ? 0 : 1;
}
