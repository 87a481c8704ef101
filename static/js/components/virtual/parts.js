/** Parts plugged into a virtual bot, drawn: servo motors, strips of colour LEDs, small displays. */

import { el, fill, setText } from "../../core/dom.js";
import { svg } from "./svg.js";

/** @typedef {{kind: number, id: number, bytes: Uint8Array}} Part */
/** @typedef {{element: HTMLElement, set: (bytes: Uint8Array) => void}} Drawing */

const Kind = { SERVO: 1, STRIP: 2, DISPLAY: 3 };
const LED_BYTES = 4;
const LEDS_A_ROW = 32;
const DISPLAY_HEAD_BYTES = 4;
const Flag = { ON: 1, INVERTED: 2, DIMMED: 4 };
const MAX_DOTS = 256;

export class VirtualParts {
  constructor() {
    this.element = el("div", { class: "vparts" });
    /** @type {Map<string, Drawing>} */
    this.drawings = new Map();
    /** @type {WeakSet<Uint8Array>} */
    this.drawn = new WeakSet();
  }

  /** @param {Part[]} parts all that there are. */
  set(parts) {
    const keys = parts.map(({ kind, id }) => `${kind} ${id}`);
    if (keys.length !== this.drawings.size || keys.some((key) => !this.drawings.has(key))) this.#redraw(parts);
    for (const { kind, id, bytes } of parts) {
      if (this.drawn.has(bytes)) continue;
      this.drawn.add(bytes);
      this.drawings.get(`${kind} ${id}`)?.set(bytes);
    }
  }

  /** @param {Part[]} parts */
  #redraw(parts) {
    const old = this.drawings;
    this.drawings = new Map(parts.map((part) => [`${part.kind} ${part.id}`, old.get(`${part.kind} ${part.id}`) ?? drawingOf(part)]));
    fill(this.element, ...[...this.drawings.values()].map((drawing) => drawing.element));
  }
}

/** @param {Part} part @returns {Drawing} */
function drawingOf({ kind, id }) {
  if (kind === Kind.SERVO) return servo(id);
  if (kind === Kind.STRIP) return strip(id);
  if (kind === Kind.DISPLAY) return display(id);
  return { element: el("div", { hidden: true }), set: () => {} };
}

/** @param {number} pin @returns {Drawing} */
function servo(pin) {
  const name = el("p", { class: "vpart__name" });
  const horn = svg("path", { class: "vpart__horn", d: "M20 22L6 22" });
  const picture = svg(
    "svg", { class: "vpart__servo", viewBox: "0 0 40 26", "aria-hidden": "true" },
    svg("path", { class: "vpart__dial", d: "M5 22a15 15 0 0 1 30 0z" }), horn, svg("circle", { class: "vpart__hub", cx: 20, cy: 22, r: 2.5 }),
  );
  const set = (/** @type {Uint8Array} */ bytes) => {
    if (bytes.length < 4) return;
    const [pulseUs, angle] = [bytes[0] | (bytes[1] << 8), bytes[2] | (bytes[3] << 8)];
    horn.setAttribute("transform", `rotate(${angle} 20 22)`);
    setText(name, pulseUs === 0 ? `Servo on GPIO ${pin}: detached` : `Servo on GPIO ${pin}: ${angle}°`);
  };
  return { element: el("div", { class: "vpart" }, name, picture), set };
}

/** @param {number} pin @returns {Drawing} */
function strip(pin) {
  const name = el("p", { class: "vpart__name" });
  const picture = svg("svg", { class: "vpart__strip", "aria-hidden": "true" });
  const set = (/** @type {Uint8Array} */ bytes) => {
    const count = Math.floor(bytes.length / LED_BYTES);
    const columns = Math.min(count, LEDS_A_ROW) || 1;
    picture.setAttribute("viewBox", `0 0 ${Math.max(columns, 8) * 10} ${Math.ceil(count / columns) * 10}`);
    while (picture.childElementCount > count) picture.lastElementChild?.remove();
    for (let at = picture.childElementCount; at < count; at += 1) {
      picture.append(svg("circle", { cx: (at % columns) * 10 + 5, cy: Math.floor(at / columns) * 10 + 5, r: 3.6 }));
    }
    [...picture.children].forEach((led, at) => led.setAttribute("fill", colourOf(bytes.subarray(at * LED_BYTES))));
    const lit = [...Array(count).keys()].filter((at) => bytes.subarray(at * LED_BYTES, (at + 1) * LED_BYTES).some(Boolean)).length;
    setText(name, `RGB LEDs on GPIO ${pin}: ${lit} of ${count} lit`);
  };
  return { element: el("div", { class: "vpart" }, name, picture), set };
}

/** Red, green, blue, and white on top of all. @param {Uint8Array} led */
function colourOf([red, green, blue, white]) {
  // A dark LED is still to be seen on its strip.
  const shown = [red, green, blue].map((value) => Math.min(255, 24 + ((value + white) * 231) / 255));
  return `rgb(${shown.map(Math.round).join(" ")})`;
}

/** @param {number} address @returns {Drawing} */
function display(address) {
  const label = `Display at I2C address 0x${address.toString(16)}`;
  const canvas = el("canvas", { class: "vpart__display", role: "img", "aria-label": label });
  const set = (/** @type {Uint8Array} */ bytes) => {
    const [width, height, flags] = bytes;
    const context = canvas.getContext("2d");
    if (!context || !width || !height || width > MAX_DOTS || bytes.length < DISPLAY_HEAD_BYTES + (width * height) / 8) return;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    context.putImageData(dotsOf(bytes.subarray(DISPLAY_HEAD_BYTES), width, height, flags), 0, 0);
  };
  return { element: el("div", { class: "vpart" }, el("p", { class: "vpart__name" }, label), canvas), set };
}

/**
 * @param {Uint8Array} memory of the chip: for each 8 lines a row of bytes, the lowest bit on top.
 * @param {number} width
 * @param {number} height
 * @param {number} flags
 */
function dotsOf(memory, width, height, flags) {
  const image = new ImageData(width, height);
  const light = flags & Flag.DIMMED ? 130 : 235;
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const bit = (memory[(y >> 3) * width + x] >> (y & 7)) & 1;
    const isLit = Boolean(flags & Flag.ON) && Boolean(bit) !== Boolean(flags & Flag.INVERTED);
    image.data.set(isLit ? [light * 0.75, light * 0.95, light, 255] : [5, 7, 13, 255], at * 4);
  }
  return image;
}
