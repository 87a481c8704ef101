import assert from "node:assert/strict";
import { test } from "node:test";
import { agoText, bytesText, clockText, durationText, shareText, signalText, timeText } from "../../../static/js/core/format.js";

test("sizes take the unit a person would", () => {
  assert.equal(bytesText(512), "512 B");
  assert.equal(bytesText(4027), "3.9 KiB");
  assert.equal(bytesText(20 * 1024), "20 KiB");
  assert.equal(bytesText(1_310_720), "1.3 MiB");
});

test("a small share is not called nothing", () => {
  assert.equal(shareText(3, 1000), "under 1 %");
  assert.equal(shareText(0, 1000), "0 %");
  assert.equal(shareText(905, 1000), "91 %");
});

test("a clock counts up", () => {
  assert.equal(clockText(7.9), "0:07");
  assert.equal(clockText(75), "1:15");
  assert.equal(clockText(3723), "1:02:03");
  assert.equal(clockText(-3), "0:00");
});

test("durations are rounder the longer they are", () => {
  assert.equal(durationText(0.44), "0.4 s");
  assert.equal(durationText(42), "42 s");
  assert.equal(durationText(600), "about 10 min");
  assert.equal(durationText(7200), "about 2 h");
});

test("how long ago is said in words", () => {
  const now = new Date("2026-01-02T12:00:00Z");
  assert.equal(agoText(null, now), "never");
  assert.equal(agoText("2026-01-02T11:59:57Z", now), "just now");
  assert.equal(agoText("2026-01-02T11:55:00Z", now), "5 min ago");
  assert.equal(agoText("2026-01-01T11:00:00Z", now), "yesterday");
});

test("a time of another day names the day", () => {
  const now = new Date(2026, 0, 2, 12, 0);
  assert.equal(timeText(new Date(2026, 0, 2, 9, 5), now), "09:05");
  assert.match(timeText(new Date(2026, 0, 1, 9, 5), now), /1.*09:05/);
});

test("a signal has a word", () => {
  assert.equal(signalText(null), "no radio");
  assert.match(signalText(-55), /strong/);
  assert.match(signalText(-90), /very weak/);
});
