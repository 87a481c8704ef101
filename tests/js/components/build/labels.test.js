import assert from "node:assert/strict";
import { test } from "node:test";
import { buildError, errorAdvice, stageNumber, stageText, toneOf } from "../../../../static/js/components/build/labels.js";
import { aBuild } from "../../factories.js";

const REASONS = ["compile_error", "link_error", "too_big", "out_of_memory", "output_flood", "disk_full", "bad_image", "toolchain", "internal"];
const ERRORS = ["bad_signature", "wrong_board", "wrong_size", "wrong_digest", "too_big", "flash_write", "no_space", "connection", "refused_by_sketch"];

test("every reason of a failed build has words of its own", () => {
  const words = REASONS.map((reason) => buildError(aBuild({ state: "failed", reason })).what);
  assert.equal(new Set(words).size, REASONS.length);
});

test("the server's own sentence is the advice when there is one", () => {
  assert.equal(buildError(aBuild({ state: "failed", reason: "too_big", message: "Too big by 9 KiB." })).advice, "Too big by 9 KiB.");
});

test("a stop, a time-out and a loss are told apart", () => {
  const words = ["cancelled", "timed_out", "lost"].map((state) => buildError(aBuild({ state })).what);
  assert.equal(new Set(words).size, 3);
});

test("every error of an update has advice of its own", () => {
  assert.equal(new Set(ERRORS.map(errorAdvice)).size, ERRORS.length);
  assert.match(errorAdvice("never heard of"), /Send again/);
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
