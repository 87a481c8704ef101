import assert from "node:assert/strict";
import { test } from "node:test";
import { ssidError, wifiPasswordError } from "../../../../static/js/components/device/wifi-rules.js";

test("a network name has 1 to 32 bytes, not characters", () => {
  assert.equal(ssidError("home"), "");
  assert.equal(ssidError("ü".repeat(16)), "");
  assert.match(ssidError("ü".repeat(17)), /34 of 32/);
  assert.notEqual(ssidError(""), "");
  assert.notEqual(ssidError("a\0b"), "");
});

test("a password is empty, 8 to 63 plain characters, or 64 hex digits", () => {
  for (const good of ["", "12345678", "x".repeat(63), "aF".repeat(32)]) assert.equal(wifiPasswordError(good), "", good);
  for (const bad of ["1234567", "x".repeat(64), "x".repeat(65), "passwört1"]) assert.notEqual(wifiPasswordError(bad), "", bad);
});
