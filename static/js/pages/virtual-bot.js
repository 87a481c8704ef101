/** One bot that runs in this page: set it up, see it work, flash it over USB. */

import { TimelineView } from "../components/device/timeline-view.js";
import { VirtualFlash } from "../components/virtual/flash.js";
import { VirtualOrigins } from "../components/virtual/origins.js";
import { VirtualSetup } from "../components/virtual/setup.js";
import { updateTimeline } from "../components/device/timeline.js";
import { el, need, show } from "../core/dom.js";
import { messageOf } from "../core/errors.js";
import { EventName } from "../core/events.js";
import { RowStore, newestFirst } from "../core/store.js";
import { BadImage } from "../virtual-bot/image.js";
import { startShell } from "../components/ui/shell.js";
import { buildExample, firstBuild, imageBytes, imageChoices, isFree } from "../components/virtual/first-sketch.js";
import { openVirtualBot, unsupportedReason } from "../components/virtual/session.js";

/** @typedef {import("../core/events.js").Device} Device */
/** @typedef {import("../core/events.js").Update} Update */
/** @typedef {import("../core/events.js").Build} Build */

const { api, live, notices, attempt } = startShell();
const { deviceId = "", origins: originNames = "" } = need("[data-device-id]").dataset;
/** Those that the policy of this page names. */
const allowedOrigins = originNames.split(" ").filter(Boolean);
const path = encodeURIComponent(deviceId);
/** @type {RowStore<Update>} */
const updates = new RowStore();
const timeline = new TimelineView();
const setup = new VirtualSetup();
const flash = new VirtualFlash();
const origins = new VirtualOrigins();
origins.set(allowedOrigins);
const place = need("[data-slot=setup]");
place.append(setup.element);
need("[data-slot=timeline]").append(timeline.element);
need("[data-slot=flash]").append(flash.element);
need("[data-slot=origins]").append(origins.element);
/** What the button of the setup does. @type {() => Promise<void>} */
let act = async () => {};
/** Whether a key was asked for; a refusal is not asked for again by itself. */
let isAsked = false;
/** @type {import("../components/virtual/session.js").VirtualSession} */
let session;

function drawUpdates() {
  const update = updates.sorted(newestFirst)[0];
  if (update) timeline.set(updateTimeline(update));
  show(timeline.element, Boolean(update));
}

function drawSlots() {
  flash.setSlots(session.bot.flash.slots, session.bot.flash);
}

/** @param {unknown} error */
function errorText(error) {
  const isPlain = error instanceof BadImage || (error instanceof Error && error.constructor === Error);
  return isPlain ? /** @type {Error} */ (error).message : messageOf(error);
}

/** @param {string} buildId */
async function flashOverUsb(buildId) {
  flash.setBusy(true);
  try {
    session.flashOverUsb(await imageBytes(api, buildId));
    flash.setError("");
    showBot();
    await drawChoices();
  } catch (error) {
    flash.setError(errorText(error));
    if (!session.bot.hasImage) notices.warn(errorText(error));
  } finally {
    flash.setBusy(false);
  }
}

async function takeKey() {
  isAsked = true;
  setup.setBusy("Setting up…");
  const answer = await attempt(api.post(`/virtual-bots/${path}/key`));
  if (answer) session.bot.setIdentity(answer.device_key);
  await next();
}

async function flashExample() {
  setup.setBusy("Building Blink…");
  try {
    await flashOverUsb(await buildExample(api));
  } catch (error) {
    notices.warn(errorText(error));
    await next();
  }
}

/** The next step towards a running bot. */
async function next() {
  if (!session.bot.hasKey) return askForKey();
  await drawChoices();
  if (session.bot.hasImage) {
    showBot();
    return session.start();
  }
  const first = await attempt(firstBuild(api));
  if (first) await flashOverUsb(first);
  if (session.bot.hasImage) return undefined;
  act = flashExample;
  return setup.set({
    title: "No sketch yet",
    text: "Like a new board, a virtual bot gets its first sketch over USB. Later ones arrive over the air.",
    action: "Build and flash Blink",
    more: ["Or write your own under ", el("a", { href: "/sketches" }, "Sketches"), ", compile it for the board “Virtual bot”, and come back."],
  });
}

async function askForKey() {
  const device = await attempt(api.get(`/devices/${path}`));
  // Nobody has it, so nobody loses it.
  if (!isAsked && await attempt(isFree(api, device))) return takeKey();
  act = takeKey;
  setup.set(device?.is_virtual
    ? {
      title: "This bot runs in another browser",
      text: "A virtual bot's key and sketches are stored in one browser. You can move it here: it gets a new key, and the other browser can no longer act for it.",
      action: "Move to this browser",
      more: ["Its sketch is installed again; data that the sketch stored is not moved."],
    }
    : {
      title: "Simulate this bot in this browser",
      text: "No board has checked in with this product ID yet. You can make it a virtual bot, which runs in this browser and updates over the air.",
      action: "Make it a virtual bot",
      more: ["Do not do this if you are about to flash a real board with this product ID."],
    });
}

async function drawChoices() {
  const choices = await attempt(imageChoices(api));
  if (choices) flash.setChoices(choices);
  return choices ?? [];
}

/** @param {string[]} wanted */
async function setOrigins(wanted) {
  origins.setBusy(true);
  try {
    await api.put(`/virtual-bots/${path}/origins`, { origins: wanted });
    // Only a fresh page has the policy that lets the browser go there.
    location.reload();
  } catch (error) {
    origins.setError(messageOf(error));
    origins.setBusy(false);
  }
}

function showBot() {
  show(place, false);
  show(session.controls.element, true);
  show(need("[data-slot=bot]"), true);
  drawSlots();
}

async function sync() {
  const answer = await attempt(api.get(`/devices/${path}/updates`, { replaces: "updates" }));
  if (answer) updates.replaceAll(answer.updates);
  drawUpdates();
}

async function open() {
  const reason = unsupportedReason();
  if (reason) return setup.set({ title: "This browser cannot run virtual bots", text: reason });
  session = await openVirtualBot(deviceId, allowedOrigins);
  need("[data-slot=controls]").append(session.controls.element);
  show(session.controls.element, false);
  need("[data-slot=board]").append(session.board.element, session.pins.element, session.parts.element);
  need("[data-slot=output]").append(session.tabs.element);
  session.bot.addEventListener("flash", drawSlots);
  return next();
}

/** @type {(build: Build) => void} */
const buildChanged = (build) => {
  if (build.state === "succeeded" && session?.bot.hasKey) void drawChoices();
};
/** @type {(update: Update) => void} */
const updateChanged = (update) => void (update.device_id === deviceId && updates.apply(update));
updates.addEventListener("change", drawUpdates);
setup.addEventListener("act", () => void act());
flash.addEventListener("flash", (event) => void flashOverUsb(/** @type {CustomEvent} */ (event).detail));
origins.addEventListener("change", (event) => void setOrigins(/** @type {CustomEvent} */ (event).detail));
live.on(EventName.UPDATE_CHANGED, updateChanged);
live.on(EventName.BUILD_CHANGED, buildChanged);
live.onSync(sync);
live.start();
void sync();
open().catch(() => setup.set({
  title: "This browser does not store data",
  text: "A virtual bot needs the browser's storage. Allow it for this site, or leave private browsing, then reload.",
}));
