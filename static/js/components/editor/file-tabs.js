/** The files of a sketch as tabs. Arrow keys move, F2 renames, Delete removes. */

import { el, fill } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

/**
 * Fires `choose` (detail: path), `add`, `rename` (detail: path), `remove` (detail: path).
 * The main file can be neither renamed nor removed: it is called after the sketch.
 */
export class FileTabs extends EventTarget {
  /** @param {string} panelId id of the element that the tabs control. */
  constructor(panelId) {
    super();
    this.panelId = panelId;
    this.list = el("div", { class: "file-tabs__list", role: "tablist", "aria-label": "Files of this sketch" });
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.renameButton = this.#tool("edit", "Rename this file (F2)", "rename");
    this.removeButton = this.#tool("trash", "Delete this file", "remove");
    this.element = el(
      "div", { class: "file-tabs" }, this.list,
      el("div", { class: "file-tabs__tools" }, this.#tool("add", "Add a file", "add"), this.renameButton, this.removeButton),
    );
    this.current = "";
    this.main = "";
  }

  /**
   * @param {string[]} paths in order.
   * @param {{current: string, main: string, errors: Map<string, number>}} state `errors`: errors a file.
   */
  set(paths, { current, main, errors }) {
    this.current = current;
    this.main = main;
    const hadFocus = this.list.contains(document.activeElement);
    fill(this.list, ...paths.map((path) => this.#tab(path, errors.get(path) ?? 0)));
    this.renameButton.disabled = this.removeButton.disabled = current === main;
    const chosen = /** @type {HTMLElement | null} */ (this.list.querySelector("[aria-selected=true]"));
    if (hadFocus) chosen?.focus();
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /**
   * @param {string} path
   * @param {number} errors
   */
  #tab(path, errors) {
    const selected = path === this.current;
    return el(
      "button",
      {
        class: "file-tab", type: "button", role: "tab", "aria-selected": String(selected), "aria-controls": this.panelId,
        tabindex: selected ? 0 : -1, "data-path": path, onclick: () => this.#fire("choose", path),
      },
      path,
      errors > 0 && el("span", { class: "badge badge--bad" }, String(errors), el("span", { class: "visually-hidden" }, " problems")),
    );
  }

  /**
   * @param {string} picture
   * @param {string} label
   * @param {string} event
   */
  #tool(picture, label, event) {
    return el(
      "button",
      { class: "icon-button", type: "button", "aria-label": label, title: label, onclick: () => this.#fire(event, this.current) },
      icon(picture),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const tabs = /** @type {HTMLElement[]} */ ([...this.list.children]);
    const at = tabs.findIndex((tab) => tab.dataset.path === this.current);
    /** @type {Record<string, number>} */
    const targets = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 };
    if (event.key in targets) {
      const next = tabs[(targets[event.key] + tabs.length) % tabs.length];
      this.#fire("choose", next.dataset.path ?? "");
    } else if (event.key === "F2" && this.current !== this.main) this.#fire("rename", this.current);
    else if (event.key === "Delete" && this.current !== this.main) this.#fire("remove", this.current);
    else return;
    event.preventDefault();
  }

  /**
   * @param {string} name
   * @param {string} path
   */
  #fire(name, path) {
    this.dispatchEvent(new CustomEvent(name, { detail: path }));
  }
}
