import assert from "node:assert/strict";
import { test } from "node:test";
import { FirmwareLoader } from "../../../../static/js/components/device/firmware-loader.js";
import { aDevice, aFirmware } from "../../factories.js";

/** A server that answers when told to, and what the page is told. */
function start() {
  const asked = [];
  const told = { count: 0 };
  const get = (path) => new Promise((resolve) => asked.push({ path, resolve }));
  const shell = /** @type {any} */ ({ api: { get }, attempt: (promise) => promise });
  return { asked, told, loader: new FirmwareLoader(shell, () => { told.count += 1; }) };
}

test("it asks once, and again when the image or the sketch has changed", async () => {
  const { asked, told, loader } = start();
  const following = loader.follow(aDevice());
  void loader.follow(aDevice());
  assert.deepEqual(asked.map(({ path }) => path), ["/devices/bot_001/firmware"]);
  asked[0].resolve(aFirmware());
  await following;
  assert.equal(told.count, 1);
  assert.equal(loader.firmware.running.version, "r1");
  void loader.follow(aDevice({ image_digest: "c".repeat(64) }));
  void loader.follow(aDevice({ image_digest: "c".repeat(64) }), 2);
  assert.equal(asked.length, 3);
});

test("an answer that came too late is passed over", async () => {
  const { asked, told, loader } = start();
  const first = loader.follow(aDevice());
  const second = loader.follow(aDevice({ id: "bot_002" }));
  asked[1].resolve(aFirmware({}, { device_id: "bot_002" }));
  asked[0].resolve(aFirmware());
  await Promise.all([first, second]);
  assert.equal(told.count, 1);
  assert.equal(loader.firmware.device_id, "bot_002");
});

test("what another bot runs is forgotten at once", async () => {
  const { asked, loader } = start();
  const first = loader.follow(aDevice());
  asked[0].resolve(aFirmware());
  await first;
  void loader.follow(aDevice({ id: "bot_002" }));
  assert.equal(loader.firmware, undefined);
});
