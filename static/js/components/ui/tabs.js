/** A few panels of which one is seen. */

import { el, freshId, setText, show } from "../../core/dom.js";

/** @typedef {{key: string, label: string, panel: HTMLElement}} Tab */

export class Tabs {
  /**
   * @param {string} label
   * @param {Tab[]} tabs
   * @param {...HTMLElement} extras controls at the end of the row of tabs.
   */
  constructor(label, tabs, ...extras) {
    this.tabs = tabs;
    /** @type {Map<string, {button: HTMLButtonElement, badge: HTMLElement}>} */
    this.heads = new Map(tabs.map((tab) => [tab.key, this.#head(tab)]));
    const list = el("div", { class: "tabs__list", role: "tablist", "aria-label": label });
    list.append(...[...this.heads.values()].map((head) => head.button));
    list.addEventListener("keydown", (event) => this.#key(event));
    this.element = el(
      "div", { class: "tabs" }, el("div", { class: "tabs__bar" }, list, ...extras), ...tabs.map((tab) => tab.panel),
    );
    this.choose(tabs[0].key);
  }

  /** @param {string} key */
  choose(key) {
    this.current = key;
    for (const tab of this.tabs) {
      const selected = tab.key === key;
      const button = this.heads.get(tab.key)?.button;
      button?.setAttribute("aria-selected", String(selected));
      button?.setAttribute("tabindex", selected ? "0" : "-1");
      show(tab.panel, selected);
    }
  }

  /**
   * @param {string} key
   * @param {number} count 0 shows nothing.
   * @param {boolean} isBad
   */
  setCount(key, count, isBad) {
    const badge = this.heads.get(key)?.badge;
    if (!badge) return;
    setText(badge, count ? String(count) : "");
    badge.classList.toggle("badge--bad", isBad);
    show(badge, count > 0);
  }

  /** @param {Tab} tab */
  #head({ key, label, panel }) {
    panel.id ||= freshId("panel");
    panel.setAttribute("role", "tabpanel");
    const badge = el("span", { class: "badge", hidden: true });
    const button = el(
      "button",
      { class: "tab", type: "button", role: "tab", id: freshId("tab"), "aria-controls": panel.id, onclick: () => this.choose(key) },
      label, badge,
    );
    panel.setAttribute("aria-labelledby", button.id);
    return { button, badge };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const at = this.tabs.findIndex((tab) => tab.key === this.current);
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
    this.choose(next.key);
    this.heads.get(next.key)?.button.focus();
    event.preventDefault();
  }
}
