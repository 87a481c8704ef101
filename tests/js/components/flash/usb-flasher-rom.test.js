import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { UsbFlasher } from "../../../../static/js/components/flash/usb-flasher.js";
import { RomLoader } from "./rom-loader.js";

const bundle = new URL("../../../../static/vendor/esptool.js", import.meta.url);
const skip = existsSync(bundle) ? false : "static/vendor is not built; run `npm run build`";

function flasherAt(port) {
  return new UsbFlasher({ serial: { requestPort: async () => port }, load: () => import(bundle.href) });
}

const pieces = () => [
  { address: 0x0, data: Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) & 0xff) },
  { address: 0x9000, data: new Uint8Array(0x5000).fill(0xc0) },
  { address: 0x10000, data: Uint8Array.from({ length: 20001 }, (_, index) => index % 251) },
];

test("the real library finds out the chip, writes its flash, and the bot is heard after its restart", { skip }, async () => {
  const port = new RomLoader();
  const flasher = flasherAt(port);
  assert.equal(await flasher.connect(() => {}), "esp32c3");
  const told = [];
  await flasher.write(pieces(), (index, share) => told.push([index, share]));
  for (const { address, data } of pieces())
    assert.deepEqual(port.flash.slice(address, address + data.length), data, `at ${address}`);
  assert.deepEqual(port.flash.slice(0x8000, 0x8010), new Uint8Array(16).fill(0xff));
  assert.deepEqual(told.at(-1), [2, 1]);
  assert.ok(told.every(([, share]) => share >= 0 && share <= 1));
  let heard = "";
  flasher.addEventListener("text", (event) => { heard += /** @type {CustomEvent} */ (event).detail; });
  const listening = flasher.listen();
  while (port.opened.at(-1) !== 115200 || !flasher.reader) await new Promise((resolve) => setTimeout(resolve, 5));
  port.print("I am bot_001.\n");
  while (!heard) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(heard, "I am bot_001.\n");
  await flasher.close();
  await listening;
  assert.equal(port.readable, null);
});

test("the real library notices flash that does not hold what was written", { skip }, async () => {
  const flasher = flasherAt(new RomLoader({ spoilFlash: true }));
  await flasher.connect(() => {});
  await assert.rejects(flasher.write(pieces(), () => {}), /MD5/);
  await flasher.close();
});
