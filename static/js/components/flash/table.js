/** What a first flash writes, and where. */

import { el, fill, show } from "../../core/dom.js";
import { PART_DESCRIPTIONS, chipTitle, offsetText } from "./plan.js";
import { bytesText } from "../../core/format.js";

/** @typedef {import("./plan.js").FlashPlan} FlashPlan */

export class FlashTable {
  constructor() {
    this.caption = el("caption", { class: "flash-table__caption" });
    this.rows = el("tbody");
    this.table = el(
      "table", { class: "flash-table", hidden: true },
      this.caption,
      el("thead", {}, el("tr", {}, ...["Address", "File", "Size"].map((text) => el("th", { scope: "col" }, text)))),
      this.rows,
    );
    this.empty = el("p", { class: "empty" }, "Choose a build first.");
    this.element = el("div", {}, this.table, this.empty);
  }

  /** @param {FlashPlan | null} plan */
  set(plan) {
    show(this.table, plan !== null);
    show(this.empty, plan === null);
    if (!plan) return;
    fill(this.caption, `Chip: ${chipTitle(plan.chip)}`);
    fill(this.rows, ...plan.parts.map(rowOf));
  }
}

/** @param {import("./plan.js").FlashPart} part */
function rowOf(part) {
  return el(
    "tr", {},
    el("td", {}, el("code", {}, offsetText(part.offset))),
    el("td", {}, el("code", {}, part.name), el("span", { class: "flash-table__words" }, PART_DESCRIPTIONS[part.name] ?? "")),
    el("td", { class: "flash-table__size" }, bytesText(part.size_bytes)),
  );
}
