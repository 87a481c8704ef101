import assert from "node:assert/strict";
import { test } from "node:test";
import { LineRing } from "../../../../static/js/components/device/line-ring.js";

const piece = (start, ...texts) => ({ device_id: "bot_001", start, dropped: 0, lines: texts.map((text) => ({ at: "", text })) });
const texts = (lines) => lines.map(({ text }) => text).join("");

test("pieces in order are lines", () => {
  const ring = new LineRing();
  assert.equal(texts(ring.accept(piece(0, "a", "b")).lines), "ab");
  assert.equal(texts(ring.accept(piece(2, "c")).lines), "c");
});

test("what is known already is not shown twice", () => {
  const ring = new LineRing();
  ring.restart(piece(5, "a", "b", "c"));
  assert.equal(ring.accept(piece(6, "b", "c")).kind, "known");
  assert.equal(texts(ring.accept(piece(7, "c", "d")).lines), "d");
});

test("a missing piece is noticed, and the whole closes the gap", () => {
  const ring = new LineRing();
  ring.restart(piece(0, "a"));
  assert.equal(ring.accept(piece(2, "c")).kind, "gap");
  assert.equal(texts(ring.restart(piece(0, "a", "b", "c"))), "abc");
  assert.equal(ring.accept(piece(2, "c")).kind, "known");
  assert.equal(texts(ring.accept(piece(3, "d")).lines), "d");
});

test("an answer that is older than the events changes nothing", () => {
  const ring = new LineRing();
  ring.accept(piece(0, "a", "b"));
  assert.equal(ring.restart(piece(0, "a")), null);
  assert.equal(texts(ring.accept(piece(2, "c")).lines), "c");
});
