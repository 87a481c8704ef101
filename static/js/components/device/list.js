/** My bots as cards that change as events arrive. */

import { CONNECTIVITY_LABELS, UPDATE_STATUS_LABELS, connectivityOf } from "./connectivity.js";
import { el, fill } from "../../core/dom.js";
import { agoText } from "../../core/format.js";
import { icon } from "../../core/icons.js";

/** @typedef {import("../../core/events.js").Device} Device */

export class DeviceList {
  constructor() {
    this.element = el("div", { class: "device-list" });
    this.drawn = "";
  }

  /** @param {Device[]} devices in order. */
  set(devices) {
    const signature = JSON.stringify(devices.map((device) => [device, connectivityOf(device, Date.now()), agoText(device.last_seen_at)]));
    if (signature === this.drawn) return;
    this.drawn = signature;
    if (devices.length === 0) fill(this.element, emptyState());
    else this.#draw(devices);
  }

  /** @param {Device[]} devices */
  #draw(devices) {
    const focused = document.activeElement?.getAttribute("href");
    fill(this.element, el("ul", { class: "cards" }, ...devices.map(card)));
    if (focused) /** @type {HTMLElement | null} */ (this.element.querySelector(`a[href="${CSS.escape(focused)}"]`))?.focus();
  }
}

/** @param {Device} device */
function card(device) {
  const state = connectivityOf(device, Date.now());
  return el(
    "li", { class: "card card--link" },
    el("h3", { class: "card__title" }, icon("bot"), el("a", { class: "card__link", href: `/devices/${encodeURIComponent(device.id)}` }, device.id)),
    el(
      "p", { class: "pills" },
      el("span", { class: `pill pill--${state}` }, CONNECTIVITY_LABELS[state]),
      el("span", { class: `pill pill--${device.update_status}` }, UPDATE_STATUS_LABELS[device.update_status] ?? device.update_status),
    ),
    el("p", { class: "card__meta" }, device.last_seen_at ? `Last seen ${agoText(device.last_seen_at)}` : "Waiting for its first check-in"),
    device.version && el("p", { class: "card__meta" }, `Runs version ${device.version}`),
  );
}

function emptyState() {
  return el(
    "div", { class: "empty-state" },
    el("h3", { class: "empty-state__title" }, "No bots yet"),
    el("p", {}, "Claim one with its product ID and password; both are on its label."),
  );
}
