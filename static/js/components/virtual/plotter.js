/** Numbers that the sketch prints, as lines over time. */

import { el, fill, setText, show } from "../../core/dom.js";
import { svg } from "./svg.js";

const WIDTH = 600;
const HEIGHT = 200;
const POINTS = 300;

export class VirtualPlotter {
  constructor() {
    this.picture = svg("svg", { class: "vplot__picture", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": "Plot" });
    this.legend = el("ul", { class: "vplot__legend" });
    this.range = el("p", { class: "vplot__range" });
    this.empty = el("p", { class: "empty" }, "Print numbers, one line at a time: ", el("code", {}, "23.5"), ", ", el("code", {}, "1 2 3"), " or ", el("code", {}, "light:512"), ".");
    this.shown = el("div", { class: "vplot__shown", hidden: true }, this.range, this.picture, this.legend);
    this.element = el("div", { class: "vplot" }, this.empty, this.shown);
  }

  /** @param {Map<string, number[]>} series */
  set(series) {
    const all = [...series.values()].flat();
    show(this.shown, all.length > 0);
    show(this.empty, all.length === 0);
    if (all.length === 0) return;
    const least = Math.min(...all);
    const most = Math.max(...all);
    setText(this.range, `${plain(least)} to ${plain(most)}`);
    this.picture.setAttribute("aria-label", `Plot of ${[...series.keys()].join(", ")}, from ${plain(least)} to ${plain(most)}`);
    const height = most - least || 1;
    this.picture.replaceChildren(...[...series.values()].map((numbers, at) => line(numbers, at, (value) => (value - least) / height)));
    fill(this.legend, ...[...series].map(([name, numbers], at) => el("li", { class: `vplot__key vplot__key--${at}` }, `${name}: ${plain(numbers.at(-1) ?? 0)}`)));
  }
}

/**
 * @param {number[]} numbers
 * @param {number} at
 * @param {(value: number) => number} share 0 for the bottom, 1 for the top.
 */
function line(numbers, at, share) {
  const points = numbers.map((value, index) => {
    const x = WIDTH - ((numbers.length - 1 - index) * WIDTH) / (POINTS - 1);
    const y = HEIGHT - 8 - share(value) * (HEIGHT - 16);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return svg("polyline", { class: `vplot__line vplot__line--${at}`, points: points.join(" ") });
}

/** @param {number} value */
function plain(value) {
  return String(Number(value.toPrecision(6)));
}
