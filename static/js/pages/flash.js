/** The initial flash of one bot: from the page over USB, or with files. */

import { FlashChoice } from "../components/flash/choice.js";
import { FlashDownload } from "../components/flash/download.js";
import { KeyPanel } from "../components/device/key-panel.js";
import { FlashMonitor } from "../components/flash/monitor.js";
import { FlashTable } from "../components/flash/table.js";
import { UsbPanel } from "../components/flash/usb-panel.js";
import { WifiForm } from "../components/device/wifi-form.js";
import { need } from "../core/dom.js";
import { ApiError, messageOf } from "../core/errors.js";
import { cutParts, flashError, percentDone, usbUnavailableReason } from "../components/flash/plan.js";
import { agoText } from "../core/format.js";
import { LineSplitter } from "../core/log-buffer.js";
import { UsbFlasher } from "../components/flash/usb-flasher.js";
import { bindKeys } from "../components/device/key-actions.js";
import { bindWifi, startBot } from "../components/device/bot-page.js";

/** @typedef {import("../core/events.js").Device} Device */
/** @typedef {import("../components/flash/plan.js").FlashPlan} FlashPlan */

const TICK_MS = 5000;

const bot = startBot();
const { shell, path, row: device } = bot;
const { api, live, attempt } = shell;
const serial = /** @type {any} */ (navigator).serial;
const unavailableReason = usbUnavailableReason({ isSecureContext, hasSerial: Boolean(serial), origin: location.origin });
const flasher = new UsbFlasher({ serial });
const lines = new LineSplitter();

const choice = new FlashChoice();
const wifi = new WifiForm();
const table = new FlashTable();
const usb = new UsbPanel();
const monitor = new FlashMonitor();
const download = new FlashDownload();
const keys = new KeyPanel();
for (const [slot, part] of Object.entries({ choice, wifi, plan: table, usb, monitor, download, keys }))
  need(`[data-slot=${slot}]`).append(part.element);

/** @type {FlashPlan | null} */
let plan = null;
let plannedBuild = "";
/** Whether the USB panel shows something in progress or done. */
let isBusy = false;
/** The chip on the port, while its loader waits for something to write; empty otherwise. */
let chip = "";
/** The bot's last check-in before it was flashed. */
let seenBefore = "";
let isWaiting = false;

const isReady = () => Boolean(plan && device()?.network_is_set && choice.address);

function draw() {
  const row = device();
  table.set(plan);
  download.set(plan, isReady());
  if (!isBusy && unavailableReason) usb.setUnavailable(unavailableReason);
  else if (!isBusy) usb.offer(isReady());
  if (!row) return;
  wifi.set(row);
  keys.set(row);
  drawCheckIn(row);
}

/** @param {Device} row */
function drawCheckIn(row) {
  const called = row.last_seen_at ?? "";
  if (!isWaiting) return;
  if (called === seenBefore) monitor.tell("Waiting for the bot's first check-in…");
  else monitor.tell(`${row.id} checked in ${agoText(called)}, running ${row.version || "its sketch"} on ${row.board}. It is ready for over-the-air updates.`, "good");
}

async function choose() {
  const buildId = choice.buildId;
  if (buildId !== plannedBuild) {
    plannedBuild = buildId;
    plan = null;
    const answer = buildId && await attempt(api.get(`${path}/usb-flash/${buildId}`, { replaces: "plan" }));
    if (choice.buildId === buildId) plan = answer || null;
    if (plan && chip) usb.connected(chip, plan.chip);
  }
  draw();
}

async function sync() {
  await bot.fetch();
  draw();
}

/** @param {string} kind @returns {Promise<Blob>} */
function makeFile(kind) {
  return api.post(`${path}/usb-flash/${plannedBuild}/${kind}`, choice.values, { asFile: true });
}

/** @param {string} kind */
async function save(kind) {
  const file = await attempt(makeFile(kind));
  if (!file) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${bot.id}.factory.${kind === "parts" ? "zip" : "bin"}`;
  link.click();
  // It holds secrets: the page forgets it as soon as the browser has begun to store it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  waitForCheckIn();
}

function waitForCheckIn() {
  seenBefore = device()?.last_seen_at ?? "";
  isWaiting = true;
  draw();
}

/** @param {() => Promise<void>} work */
async function busily(work) {
  isBusy = true;
  try {
    await work();
  } catch (error) {
    usb.fail(error instanceof ApiError ? messageOf(error) : flashError(error));
  }
}

async function connect() {
  usb.connecting();
  chip = "";
  chip = await flasher.connect((line) => monitor.push([line]));
  if (plan) usb.connected(chip, plan.chip);
}

async function write() {
  const planned = plan;
  if (!planned || planned.chip !== chip) return;
  chip = "";
  usb.writing(0);
  const image = new Uint8Array(await (await makeFile("factory")).arrayBuffer());
  await flasher.write(cutParts(image, planned), (index, share) => usb.writing(percentDone(planned, index, share)));
  usb.done();
  waitForCheckIn();
  await flasher.listen();
}

choice.addEventListener("change", () => void choose());
bindWifi(wifi, bot, "Saved. It will be written to the bot together with the firmware.");
usb.addEventListener("connect", () => void busily(connect));
usb.addEventListener("write", () => void busily(write));
download.addEventListener("download", (event) => void save(/** @type {CustomEvent} */ (event).detail));
bindKeys(keys, path, shell, bot.apply);
flasher.addEventListener("text", (event) => monitor.push(lines.push(/** @type {CustomEvent} */ (event).detail)));
flasher.addEventListener("lost", () => monitor.push(["USB disconnected."]));
bot.devices.addEventListener("change", draw);
live.onSync(sync);
live.start();

const options = await attempt(api.get(`${path}/usb-flash`));
if (options) choice.set(options);
await sync();
setInterval(() => device() && draw(), TICK_MS);
