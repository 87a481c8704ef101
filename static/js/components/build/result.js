/** What a build gave: how full the bot's memories are, and the files to take home. */

import { el, fill, show } from "../../core/dom.js";
import { bytesText, shareText } from "../../core/format.js";
import { icon } from "../../core/icons.js";

/** @typedef {import("../../core/events.js").Build} Build */
/** @typedef {import("../../core/events.js").SectionSize} SectionSize */

/** @type {Record<string, string>} */
const SECTIONS = { text: "Program storage", data: "RAM" };

export class BuildResult {
  /** @param {(build: Build, name: string) => string} urlOf address of an artifact. */
  constructor(urlOf) {
    this.urlOf = urlOf;
    this.sizes = el("div", { class: "sizes" });
    this.files = el("div", { class: "downloads" });
    this.libraries = el("p", { class: "hint" });
    this.element = el("div", { class: "build-result", hidden: true }, this.sizes, this.files, this.libraries);
  }

  /** @param {Build | undefined} build */
  set(build) {
    const isThere = Boolean(build && (build.sizes.length || build.artifacts.length));
    show(this.element, isThere);
    if (!build) return;
    fill(this.sizes, ...build.sizes.map(sizeBar));
    fill(this.files, ...build.artifacts.map((file) => this.#download(build, file)));
    const used = build.libraries.map(({ name, version }) => (version ? `${name} ${version}` : name)).join(", ");
    this.libraries.textContent = used && `Libraries: ${used}`;
    show(this.libraries, Boolean(used));
  }

  /**
   * @param {Build} build
   * @param {{name: string, size_bytes: number}} file
   */
  #download(build, file) {
    const ending = file.name.slice(file.name.lastIndexOf("."));
    const label = file.name.includes("manifest") ? "manifest" : ending;
    return el(
      "a",
      { class: "download", href: this.urlOf(build, file.name), download: file.name, "aria-label": `Download ${file.name}, ${bytesText(file.size_bytes)}` },
      icon("download"), el("span", {}, label), el("span", { class: "download__size" }, bytesText(file.size_bytes)),
    );
  }
}

/** @param {SectionSize} section */
function sizeBar({ name, size_bytes: size, max_bytes: max }) {
  const label = SECTIONS[name] ?? name;
  const numbers = max > 0 ? `${bytesText(size)} of ${bytesText(max)} · ${shareText(size, max)}` : bytesText(size);
  return el(
    "div", { class: "size" },
    el("div", { class: "size__head" }, el("span", {}, label), el("span", { class: "size__numbers" }, numbers)),
    max > 0 && el("meter", { class: "meter", min: 0, max, high: max * 0.9, value: Math.min(size, max), "aria-label": `${label}: ${numbers}` }),
  );
}
