import assert from "node:assert/strict";
import test from "node:test";
import { NVS_BYTES, Nvs } from "../../../static/js/virtual-bot/nvs.js";

const bytes = (...values) => new Uint8Array(values);

test("a value is found by space and key, and only there", () => {
  const nvs = new Nvs();
  assert.ok(nvs.set("game", "score", bytes(1, 2)));
  assert.deepEqual(nvs.get("game", "score"), bytes(1, 2));
  assert.equal(nvs.get("game", "scor"), null);
  assert.equal(nvs.get("gam", "escore"), null);
});

test("what is stored does not change with the memory it came from", () => {
  const nvs = new Nvs();
  const source = bytes(7);
  nvs.set("a", "b", source);
  source[0] = 9;
  assert.deepEqual(nvs.get("a", "b"), bytes(7));
});

test("everything survives a journey as entries", () => {
  const nvs = new Nvs();
  nvs.set("a", "b", bytes(1));
  nvs.setText("airsketch", "ssid", "Zuhause ü");
  const copy = new Nvs(structuredClone(nvs.entries));
  assert.equal(copy.getText("airsketch", "ssid"), "Zuhause ü");
  assert.deepEqual(copy.get("a", "b"), bytes(1));
});

test("a text is kept as Preferences keeps it: a type byte, then the text", () => {
  const nvs = new Nvs();
  nvs.setText("airsketch", "pass", "ab");
  assert.deepEqual(nvs.get("airsketch", "pass"), bytes(8, 97, 98));
  nvs.set("airsketch", "number", bytes(1, 97));
  assert.equal(nvs.getText("airsketch", "number"), null);
});

test("it holds 20 KiB and no more; a smaller value in the place of a larger one makes room", () => {
  const nvs = new Nvs();
  assert.ok(nvs.set("a", "big", new Uint8Array(NVS_BYTES - 10)));
  assert.ok(!nvs.set("a", "more", new Uint8Array(10)));
  assert.equal(nvs.get("a", "more"), null);
  assert.ok(nvs.set("a", "big", new Uint8Array(10)));
  assert.ok(nvs.set("a", "more", new Uint8Array(10)));
});

test("names have 1 to 15 bytes", () => {
  const nvs = new Nvs();
  for (const name of ["", "x".repeat(16), "ü".repeat(8), "a\0b"]) {
    assert.ok(!nvs.set(name, "key", bytes(1)));
    assert.ok(!nvs.set("space", name, bytes(1)));
  }
  assert.ok(nvs.set("x".repeat(15), "x".repeat(15), bytes(1)));
});

test("a key is deleted, or a whole namespace and nothing else", () => {
  const nvs = new Nvs();
  nvs.set("a", "one", bytes(1));
  nvs.set("a", "two", bytes(1));
  nvs.set("ab", "one", bytes(1));
  assert.ok(nvs.delete("a", "one"));
  assert.ok(!nvs.delete("a", "one"));
  assert.ok(nvs.delete("a", ""));
  assert.ok(!nvs.delete("a", ""));
  assert.deepEqual(nvs.get("ab", "one"), bytes(1));
});
