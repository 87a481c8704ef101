import assert from "node:assert/strict";
import { test } from "node:test";
import { LineSplitter, LogBuffer } from "../../../static/js/core/log-buffer.js";

test("pieces in order are taken whole", () => {
  const log = new LogBuffer();
  assert.deepEqual(log.accept(0, "one\n"), { kind: "text", text: "one\n" });
  assert.deepEqual(log.accept(4, "two\n"), { kind: "text", text: "two\n" });
  assert.equal(log.next, 8);
});

test("a gap names the byte to ask from, and takes nothing", () => {
  const log = new LogBuffer();
  log.accept(0, "one\n");
  assert.deepEqual(log.accept(10, "late\n"), { kind: "gap", from: 4 });
  assert.equal(log.next, 4);
});

test("a piece that came before is known", () => {
  const log = new LogBuffer();
  log.accept(0, "one\n");
  assert.deepEqual(log.accept(0, "one\n"), { kind: "known" });
});

test("of an overlapping piece only the new part is taken", () => {
  const log = new LogBuffer();
  log.accept(0, "one\ntw");
  assert.deepEqual(log.accept(4, "two\n"), { kind: "text", text: "o\n" });
});

test("offsets count bytes, not characters", () => {
  const log = new LogBuffer();
  log.accept(0, "für\n");
  assert.equal(log.next, 5);
  assert.deepEqual(log.accept(1, "ür\nso\n"), { kind: "text", text: "so\n" });
});

test("a gap closes with the answer of the server and goes on live", () => {
  const log = new LogBuffer();
  log.accept(0, "a\n");
  assert.equal(log.accept(6, "d\n").kind, "gap");
  assert.equal(log.accept(2, "b\nc\nd\n").text, "b\nc\nd\n");
  assert.equal(log.accept(8, "e\n").text, "e\n");
});

test("lines are given when they are complete", () => {
  const lines = new LineSplitter();
  assert.deepEqual(lines.push("one\ntw"), ["one"]);
  assert.deepEqual(lines.push("o\r\nthree"), ["two"]);
  assert.deepEqual(lines.end(), ["three"]);
  assert.deepEqual(lines.end(), []);
});
