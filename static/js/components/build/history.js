/** Earlier builds of a sketch; one can be looked at again. */

import { el, fill } from "../../core/dom.js";
import { durationText, timeText } from "../../core/format.js";
import { buildStateText, toneOf } from "./labels.js";

/** @typedef {import("../../core/events.js").Build} Build */

/** Fires `choose` (detail: build id). */
export class BuildHistory extends EventTarget {
  constructor() {
    super();
    this.element = el("div", { class: "history" });
  }

  /**
   * @param {Build[]} builds newest first.
   * @param {string | undefined} shown id of the build now shown.
   */
  set(builds, shown) {
    if (builds.length === 0) {
      fill(this.element, el("p", { class: "empty" }, "No builds yet."));
      return;
    }
    fill(this.element, el("ol", { class: "history__list" }, ...builds.map((build) => this.#row(build, shown))));
  }

  /**
   * @param {Build} build
   * @param {string | undefined} shown
   */
  #row(build, shown) {
    const choose = () => this.dispatchEvent(new CustomEvent("choose", { detail: build.id }));
    const took = build.compile_s ? durationText(build.compile_s) : "";
    return el(
      "li", {},
      el(
        "button",
        { class: "history__row", type: "button", "aria-current": build.id === shown ? "true" : null, onclick: choose },
        el("span", { class: `dot dot--${toneOf(build.state)}`, "aria-hidden": "true" }),
        el("span", { class: "history__what" }, `Revision ${build.sketch_revision}: ${buildStateText(build.state)}`),
        el("span", { class: "history__when" }, [timeText(build.created_at), took].filter(Boolean).join(" · ")),
      ),
    );
  }
}
