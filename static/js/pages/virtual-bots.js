/** All virtual bots that live in this browser, side by side. */

import { VirtualCard } from "../components/virtual/card.js";
import { brightnessOf } from "../components/virtual/pin-labels.js";
import { VirtualSetup } from "../components/virtual/setup.js";
import { el, need, show } from "../core/dom.js";
import { RELEASED } from "../virtual-bot/inbox.js";
import { imageOf } from "../virtual-bot/flashing.js";
import { SingleTabLock } from "../virtual-bot/single-tab-lock.js";
import { throttleFor } from "../virtual-bot/throttle.js";
import { TRIGGER_PIN } from "../virtual-bot/pins.js";
import { startShell } from "../components/ui/shell.js";
import { imageBytes, imageChoices, newVirtualBot } from "../components/virtual/first-sketch.js";
import { loadVirtualBot, stateLabel, unsupportedReason } from "../components/virtual/session.js";

/** @typedef {import("../virtual-bot/bot.js").VirtualBot} VirtualBot */
/** @typedef {import("../core/events.js").Device} Device */

const MAX_BOTS = 50;
const LED_PIN = 2;

const { api, live, notices, attempt } = startShell();
const setup = new VirtualSetup();
const list = el("ul", { class: "cards" });
const place = need("[data-slot=bots]");
place.append(list, setup.element);
/** @type {Map<string, {bot: VirtualBot, tab: SingleTabLock}>} */
const running = new Map();

/** @param {string} id */
async function add(id) {
  const bot = await loadVirtualBot(id);
  // Another browser has it.
  if (!bot.hasKey) return;
  const card = new VirtualCard(id);
  const tab = new SingleTabLock(id, { isRunning: () => bot.power !== "off", stop: () => bot.stop() });
  const draw = () => card.setState(bot.power === "on" || bot.power === "restarting", stateLabel(bot)[0]);
  bot.addEventListener("state", () => {
    draw();
    throttleBots();
    if (bot.power !== "on") card.setLed(0);
  });
  bot.addEventListener("flash", draw);
  bot.addEventListener("frame", (event) => {
    const led = /** @type {CustomEvent} */ (event).detail.pins.find((/** @type {{pin: number}} */ { pin }) => pin === LED_PIN);
    card.setLed(led ? brightnessOf(led) : 0);
  });
  card.addEventListener("power", (event) => (/** @type {CustomEvent} */ (event).detail ? start(id) : bot.stop()));
  card.addEventListener("trigger", (event) => bot.setLevel(TRIGGER_PIN, /** @type {CustomEvent} */ (event).detail ? 0 : RELEASED));
  running.set(id, { bot, tab });
  list.append(card.element);
  draw();
}

/** Idle bots must not keep the computer busy. */
function throttleBots() {
  const throttleMs = throttleFor([...running.values()].filter(({ bot }) => bot.power === "on").length);
  for (const { bot } of running.values()) if (bot.environment.throttleMs !== throttleMs) bot.setEnvironment({ throttleMs });
}

/** @param {string} id */
function start(id) {
  const entry = running.get(id);
  if (!entry) return;
  entry.tab.acquire();
  if (entry.bot.hasImage) entry.bot.start();
  else void flash(entry.bot);
}

/** Give a new bot the newest sketch over USB. @param {VirtualBot} bot */
async function flash(bot) {
  const choices = await attempt(imageChoices(api));
  if (choices?.length === 0) notices.warn("Compile a sketch for the board “Virtual bot” first.");
  const bytes = choices?.[0] && await attempt(imageBytes(api, choices[0].build_id));
  if (bytes) bot.flashOverUsb(imageOf(bytes));
}

async function addNew() {
  const address = await attempt(newVirtualBot(api));
  const id = address?.split("/")[2];
  if (!id) return;
  await add(decodeURIComponent(id));
  start(id);
  drawSetup();
}

function drawSetup() {
  setup.set({ title: "No virtual bots in this browser", text: "Add one, then compile a sketch and send it to each." });
  show(setup.element, running.size === 0);
  show(need("[data-action=add]"), running.size < MAX_BOTS);
}

async function open() {
  const reason = unsupportedReason();
  if (reason) return setup.set({ title: "This browser cannot run virtual bots", text: reason });
  const answer = await attempt(api.get("/devices"));
  const devices = /** @type {Device[]} */ (answer?.devices ?? []).filter((device) => device.is_virtual);
  for (const device of devices.slice(0, MAX_BOTS)) await add(device.id);
  drawSetup();
  return undefined;
}

need("[data-action=start]").addEventListener("click", () => [...running.keys()].forEach(start));
need("[data-action=stop]").addEventListener("click", () => running.forEach(({ bot }) => bot.stop()));
need("[data-action=add]").addEventListener("click", () => void addNew());
live.start();
void open();
