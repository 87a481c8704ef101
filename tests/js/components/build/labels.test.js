import assert from "node:assert/strict";
import { test } from "node:test";
import { buildError, errorAdvice, stageNumber, stageText, toneOf } from "../../../../static/js/components/build/labels.js";
import { aBuild } from "../../factories.js";

test("the server's own sentence is the advice when there is one", () => {
  assert.equal(buildError(aBuild({ state: "failed", reason: "too_big", message: "Too big by 9 KiB." })).advice, "Too big by 9 KiB.");
});

test("a stop, a time-out and a loss are told apart", () => {
  const words = ["cancelled", "timed_out", "lost"].map((state) => buildError(aBuild({ state })).what);
  assert.equal(new Set(words).size, 3);
});

test("an error of an update quotes what the bot said of it", () => {
  assert.match(errorAdvice({ code: "other", detail: "heap broke" }), /Send again.*The bot reported: heap broke\./);
  assert.doesNotMatch(errorAdvice({ code: "too_big", detail: "" }), /reported/);
});

test("an error that nobody knows still has advice", () => {
  assert.match(errorAdvice({ code: "never heard of", detail: "" }), /Send again/);
  assert.match(errorAdvice(null), /Send again/);
});

test("stages count up to the last", () => {
  assert.equal(stageNumber("preparing"), 1);
  assert.equal(stageNumber("storing"), 9);
  assert.equal(stageNumber(null), 0);
  assert.equal(stageText(null), "starting");
});

test("tones", () => {
  assert.equal(toneOf("confirmed"), "good");
  assert.equal(toneOf("rolled_back"), "bad");
  assert.equal(toneOf("superseded"), "quiet");
  assert.equal(toneOf("downloading"), "busy");
});
