import assert from "node:assert/strict";
import { test } from "node:test";
import { chipOf, chipTitle, cutParts, flashError, offsetText, percentDone, serverWarning, usbUnavailableReason } from "../../../../static/js/components/flash/plan.js";

const plan = /** @type {any} */ ({
  factory_bytes: 40,
  parts: [
    { name: "bootloader.bin", offset: 0, size_bytes: 10 },
    { name: "firmware.bin", offset: 16, size_bytes: 24 },
  ],
});

test("the page says why it cannot use a port", () => {
  const place = { isSecureContext: true, hasSerial: true, origin: "http://bench.local:5000" };
  assert.equal(usbUnavailableReason(place), "");
  assert.match(usbUnavailableReason({ ...place, isSecureContext: false, hasSerial: false }), /HTTPS or on localhost.*bench\.local/);
  assert.match(usbUnavailableReason({ ...place, hasSerial: false }), /Chrome, Edge, or Firefox/);
});

test("chips have one name for builds and one for people", () => {
  for (const [title, chip] of [["ESP32", "esp32"], ["ESP32-C3", "esp32c3"], ["ESP32-C61", "esp32c61"], ["ESP32-P4", "esp32p4"]]) {
    assert.equal(chipOf(title), chip);
    assert.equal(chipTitle(chip), title);
  }
});

test("the parts are cut out and the gaps are left alone", () => {
  const image = Uint8Array.from({ length: 40 }, (_, index) => index);
  const pieces = cutParts(image, plan);
  assert.deepEqual(pieces.map((piece) => [piece.address, piece.data[0], piece.data.length]), [[0, 0, 10], [16, 16, 24]]);
  pieces[0].data[0] = 99;
  assert.equal(image[0], 0);
});

test("an image that was not planned is not written", () => {
  assert.throws(() => cutParts(new Uint8Array(39), plan), RangeError);
});

test("progress counts the bytes of all parts", () => {
  assert.deepEqual([[0, 0], [0, 0.5], [1, 0], [1, 0.5], [1, 1]].map(([index, share]) => percentDone(plan, index, share)), [0, 14, 29, 64, 100]);
});

test("an address that means the bot itself is doubted", () => {
  for (const server of ["http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]"]) assert.match(serverWarning(server), /bot itself/);
  for (const server of ["http://192.168.1.20:5000", "https://bots.example.org", "", "nonsense"]) assert.equal(serverWarning(server), "");
});

test("each error says what to do", () => {
  const named = (name) => Object.assign(new Error("x"), { name });
  assert.match(flashError(named("NotFoundError")), /No port was chosen/);
  assert.match(flashError(named("NetworkError")), /busy or gone/);
  assert.match(flashError(new Error("Failed to connect with the device")), /BOOT/);
  assert.match(flashError(new Error("MD5 of file does not match data in flash!")), /another cable/);
  assert.match(flashError(new Error("No such thing")), /No such thing/);
  assert.match(flashError("odd"), /odd/);
});

test("offsets are written as esptool writes them", () => {
  assert.equal(offsetText(0), "0x0");
  assert.equal(offsetText(0xe000), "0xe000");
});
