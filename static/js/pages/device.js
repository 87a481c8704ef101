/** One bot: how it is, its network, its link, and what was sent to it. */

import { TimelineView } from "../components/device/timeline-view.js";
import { confirmDialog } from "../components/ui/dialog.js";
import { FirmwareLoader } from "../components/device/firmware-loader.js";
import { DeviceFacts } from "../components/device/facts.js";
import { KeyPanel } from "../components/device/key-panel.js";
import { LinkSwitch } from "../components/device/link-switch.js";
import { UpdateHistory } from "../components/device/update-history.js";
import { WifiForm } from "../components/device/wifi-form.js";
import { isCancellable, updateTimeline } from "../components/device/timeline.js";
import { need, show } from "../core/dom.js";
import { EventName } from "../core/events.js";
import { RowStore, newestFirst } from "../core/store.js";
import { startLog } from "../components/device/log.js";
import { bindKeys } from "../components/device/key-actions.js";
import { bindWifi, startBot } from "../components/device/bot-page.js";

/** @typedef {import("../core/events.js").Update} Update */

const TICK_MS = 5000;

const bot = startBot();
const { shell, path } = bot;
const { api, live, attempt } = shell;
/** @type {RowStore<Update>} */
const updates = new RowStore();

const facts = new DeviceFacts();
const timeline = new TimelineView();
const history = new UpdateHistory();
const wifi = new WifiForm();
const link = new LinkSwitch();
const keys = new KeyPanel();
const cancel = need("[data-action=cancel]");
need("[data-slot=facts]").append(facts.element);
need("[data-slot=timeline]").append(timeline.element);
need("[data-slot=history]").append(history.element);
need("[data-slot=wifi]").append(wifi.element);
need("[data-slot=link]").append(link.element);
// Maintainers look at everybody's bots; keys are their owners' alone.
const keysSlot = document.querySelector("[data-slot=keys]");
keysSlot?.append(keys.element);
const keysPanel = keys.element.closest("section");
const { log, sync: syncLog } = startLog(bot.id, path, shell, bot.apply, { canSwitch: Boolean(keysSlot) });
need("[data-slot=log]").append(log.element);

let savedRevision = 0;
const loader = new FirmwareLoader(shell, drawDevice);

const latest = () => updates.sorted(newestFirst)[0];

function drawDevice() {
  const device = bot.row();
  if (!device) return;
  void loader.follow(device, savedRevision);
  facts.set(device, loader.firmware);
  wifi.set(device);
  link.set(device);
  keys.set(device);
  log.set(device);
  // The key of a virtual bot comes and goes with the page it runs in, unless a file holds its next one.
  if (keysPanel) show(keysPanel, !device.is_virtual || device.credential === "over_usb");
}

function drawUpdates() {
  const update = latest();
  if (update) timeline.set(updateTimeline(update, bot.row()?.image_digest));
  show(timeline.element, Boolean(update));
  show(cancel, Boolean(update && isCancellable(update)));
  history.set(updates.sorted(newestFirst));
}

async function sync() {
  await bot.fetch();
  const answer = await attempt(api.get(`${path}/updates`, { replaces: "updates" }));
  if (answer) updates.replaceAll(answer.updates);
  drawUpdates();
  await syncLog();
}

/** @param {boolean} open */
async function switchLink(open) {
  const sure = !open || await confirmDialog({
    title: "Make the link public?",
    text: "Anyone who knows the link can then download this bot's firmware. You can turn this off at any time.",
    yes: "Make public",
  });
  const device = sure ? await attempt(api.put(`${path}/link`, { open })) : undefined;
  if (device) bot.apply(device);
  drawDevice();
}

async function cancelUpdate() {
  const update = latest();
  const answer = update && await attempt(api.post(`/updates/${encodeURIComponent(update.id)}/cancel`));
  if (answer) updates.apply(answer);
}

bot.devices.addEventListener("change", drawDevice);
updates.addEventListener("change", drawUpdates);
bindWifi(wifi, bot, "Saved. Applies at the bot's next check-in; if the new network fails, the bot returns to the old one.");
link.addEventListener("open", (event) => void switchLink(/** @type {CustomEvent} */ (event).detail));
cancel.addEventListener("click", () => void cancelUpdate());
bindKeys(keys, path, shell, bot.apply);

/** Tell how many lines differ as the sketch changes. @param {import("../core/events.js").Sketch} sketch */
function sketchSaved(sketch) {
  if (sketch.id !== loader.firmware?.running.sketch_id) return;
  savedRevision = sketch.revision;
  drawDevice();
}

/** @type {(update: Update) => void} */
const updateChanged = (update) => void (update.device_id === bot.id && updates.apply(update));
live.on(EventName.UPDATE_CHANGED, updateChanged);
live.on(EventName.SKETCH_SAVED, sketchSaved);
live.onSync(sync);
live.start();
void sync();
setInterval(drawDevice, TICK_MS);
