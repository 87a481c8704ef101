/** How a virtual bot gets its first sketch: the newest build that is there, or an example built for it now. */

import { identityOf } from "../../virtual-bot/nvs.js";
import { BotStore } from "../../virtual-bot/store.js";

const FQBN = "airsketch:virtual:bot";
const EXAMPLE = "Blink";
/** Shows how the next sketch comes in; the demo account has it for its new bot. */
const FACTORY_SKETCH = "OtaAware";
const ASK_EVERY_MS = 400;
const ASK_LIMIT_MS = 180_000;

/** @typedef {import("../../core/api.js").Api} Api */
/** @typedef {import("./flash.js").Choice} Choice */

/**
 * Make a virtual bot; its key goes into this browser's store and nowhere else.
 * @param {Api} api
 * @returns {Promise<string>} the address of its page.
 */
export async function newVirtualBot(api) {
  const store = new BotStore();
  await store.ready;
  const { device, device_key: deviceKey } = await api.post("/virtual-bots");
  await store.saveNvs(device.id, identityOf(device.id, deviceKey, location.origin).entries);
  return `/devices/${encodeURIComponent(device.id)}/virtual`;
}

/**
 * @param {Api} api
 * @returns {Promise<Choice[]>} newest first.
 */
export async function imageChoices(api) {
  return (await api.get("/virtual-bots/images", { replaces: "images" })).images;
}

/**
 * @param {Api} api
 * @param {string} buildId
 */
export async function imageBytes(api, buildId) {
  /** @type {Blob} */
  const file = await api.get(`/builds/${encodeURIComponent(buildId)}/artifacts/firmware.bin`, { asFile: true });
  return new Uint8Array(await file.arrayBuffer());
}

/**
 * Whether a bot is virtual and no browser was given its key yet.
 * @param {Api} api
 * @param {import("../../core/events.js").Device | undefined} device
 * @returns {Promise<boolean>}
 */
export async function isFree(api, device) {
  if (!device?.is_virtual || device.last_seen_at) return false;
  return !(await api.get(`/virtual-bots/${encodeURIComponent(device.id)}`)).is_taken;
}

/**
 * What a bot without a sketch gets without being asked: the newest build, or the one that shows updates.
 * @param {Api} api
 * @returns {Promise<string>} the id of a finished build; empty if the account has nothing to build it from.
 */
export async function firstBuild(api) {
  const { images } = await api.get("/virtual-bots/images");
  if (images.length > 0) return images[0].build_id;
  const { sketches } = await api.get("/sketches");
  const known = sketches.find((/** @type {{name: string}} */ sketch) => sketch.name === FACTORY_SKETCH);
  return known ? buildOf(api, known.id) : "";
}

/**
 * Build an example, as a sketch of the person's own.
 * @param {Api} api
 * @returns {Promise<string>} the id of the finished build.
 */
export async function buildExample(api) {
  const { sketches } = await api.get("/sketches");
  const known = sketches.find((/** @type {{name: string}} */ sketch) => sketch.name === EXAMPLE);
  const sketch = known ?? await api.post("/sketches", { name: EXAMPLE, example: EXAMPLE, fqbn: FQBN });
  return buildOf(api, sketch.id);
}

/**
 * @param {Api} api
 * @param {string} sketchId
 */
async function buildOf(api, sketchId) {
  const { build } = await api.post(`/sketches/${encodeURIComponent(sketchId)}/builds`, { fqbn: FQBN });
  return finished(api, build.id);
}

/**
 * @param {Api} api
 * @param {string} buildId
 */
async function finished(api, buildId) {
  const end = Date.now() + ASK_LIMIT_MS;
  while (Date.now() < end) {
    const { build } = await api.get(`/builds/${encodeURIComponent(buildId)}`);
    if (build.state === "succeeded") return buildId;
    if (build.state !== "queued" && build.state !== "running") throw new Error("The example could not be built. Open it under Sketches to see why.");
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new Error("The build is taking too long. Check it under Sketches.");
}
