/** Takes files that are dropped anywhere on the page, or chosen with a button. */

import { el } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

/** Fires `file` (detail: a File) for each. */
export class FileDrop extends EventTarget {
  constructor() {
    super();
    this.input = el("input", { type: "file", accept: ".ino,.zip", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
    this.input.addEventListener("change", () => {
      this.#take(this.input.files);
      this.input.value = "";
    });
    this.button = el(
      "button", { class: "button", type: "button", onclick: () => this.input.click() }, icon("upload"), "Import .ino or .zip",
    );
    this.veil = el("div", { class: "drop-veil", hidden: true }, el("p", {}, icon("upload"), "Drop the .ino or .zip here"));
    this.element = el("div", { class: "file-drop" }, this.button, this.input);
    this.#listen();
  }

  #listen() {
    document.body.append(this.veil);
    addEventListener("dragenter", (event) => this.#over(event));
    addEventListener("dragover", (event) => this.#over(event));
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.veil.hidden = true;
    });
    addEventListener("drop", (event) => {
      event.preventDefault();
      this.veil.hidden = true;
      this.#take(event.dataTransfer?.files ?? null);
    });
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.veil.hidden = false;
  }

  /** @param {FileList | null} files */
  #take(files) {
    for (const file of files ?? []) this.dispatchEvent(new CustomEvent("file", { detail: file }));
  }
}
