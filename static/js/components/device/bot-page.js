/** What the pages of one bot have in common: its row, kept up to date, and its network. */

import { need } from "../../core/dom.js";
import { EventName } from "../../core/events.js";
import { RowStore } from "../../core/store.js";
import { startShell } from "../ui/shell.js";

/** @typedef {import("../../core/events.js").Device} Device */
/** @typedef {ReturnType<typeof startBot>} Bot */

/** The bot that the page is about. */
export function startBot() {
  const shell = startShell();
  const id = need("[data-device-id]").dataset.deviceId ?? "";
  const path = `/devices/${encodeURIComponent(id)}`;
  /** @type {RowStore<Device>} */
  const devices = new RowStore();
  const row = () => devices.get(id);
  const apply = (/** @type {Device} */ device) => void (device.id === id && devices.apply(device));
  const fetch = async () => {
    const device = await shell.attempt(shell.api.get(path, { replaces: "device" }));
    if (device) apply(device);
  };
  shell.live.on(EventName.DEVICE_CHANGED, apply);
  return { shell, id, path, devices, row, apply, fetch };
}

/**
 * Save the network that the form asks for.
 * @param {import("./wifi-form.js").WifiForm} wifi
 * @param {Bot} bot
 * @param {string} kept what to say once it is saved.
 */
export function bindWifi(wifi, { shell: { api, attempt, notices }, path, apply }, kept) {
  /** @param {{ssid: string, password: string}} values */
  const save = async (values) => {
    wifi.setBusy(true);
    const device = await attempt(api.put(`${path}/network`, values));
    wifi.setBusy(false);
    if (!device) return;
    apply(device);
    wifi.clear();
    notices.say(kept);
  };
  wifi.addEventListener("save", (event) => void save(/** @type {CustomEvent} */ (event).detail));
}
