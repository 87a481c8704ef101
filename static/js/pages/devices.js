/** My bots, live; and claiming a further one. */

import { ClaimForm } from "../components/device/claim-form.js";
import { DeviceList } from "../components/device/list.js";
import { VirtualOffer } from "../components/virtual/offer.js";
import { need } from "../core/dom.js";
import { messageOf } from "../core/errors.js";
import { EventName } from "../core/events.js";
import { RowStore } from "../core/store.js";
import { startShell } from "../components/ui/shell.js";
import { newVirtualBot } from "../components/virtual/first-sketch.js";

/** @typedef {import("../core/events.js").Device} Device */

const TICK_MS = 5000;

const { api, live, notices, attempt } = startShell();
/** @type {RowStore<Device>} */
const devices = new RowStore();
const list = new DeviceList();
const claim = new ClaimForm();
const offer = new VirtualOffer();
need("[data-slot=devices]").append(list.element);
need("[data-slot=claim]").append(claim.element);
need("[data-slot=virtual]").append(offer.element);

const draw = () => list.set(devices.sorted((a, b) => a.id.localeCompare(b.id)));

async function sync() {
  const answer = await attempt(api.get("/devices", { replaces: "devices" }));
  if (answer) devices.replaceAll(answer.devices);
  if (answer) draw();
}

/** @param {{product_id: string, password: string}} values */
async function take(values) {
  claim.setBusy(true);
  try {
    const device = await api.post("/devices/claim", values);
    devices.apply(device);
    claim.clear();
    notices.say(`${device.id} was added to your account.`);
  } catch (error) {
    claim.setError(messageOf(error));
  } finally {
    claim.setBusy(false);
  }
}

async function makeVirtual() {
  offer.setBusy(true);
  const address = await attempt(newVirtualBot(api));
  if (address) location.assign(address);
  else offer.setBusy(false);
}

offer.addEventListener("make", () => void makeVirtual());
devices.addEventListener("change", draw);
devices.addEventListener("remove", draw);
claim.addEventListener("claim", (event) => void take(/** @type {CustomEvent} */ (event).detail));

/** @type {(device: Device) => void} */
const changed = (device) => void devices.apply(device);
live.on(EventName.DEVICE_CHANGED, changed);
live.onSync(sync);
live.start();
void sync();
setInterval(draw, TICK_MS);
