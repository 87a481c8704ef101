import assert from "node:assert/strict";
import { test } from "node:test";
import { droppedText, isLogWanted, logStateText } from "../../../../static/js/components/device/log-messages.js";

const logging = (wanted, sent, seen = "2026-01-01T12:00:00.000Z") => ({ wants_log: wanted, sends_log: sent, last_seen_at: seen });

test("the owner's choice counts, else what the bot says", () => {
  assert.equal(isLogWanted(logging(null, null)), false);
  assert.equal(isLogWanted(logging(null, true)), true);
  assert.equal(isLogWanted(logging(false, true)), false);
  assert.equal(isLogWanted(logging(true, null)), true);
});

test("on, off, starting and stopping are told apart", () => {
  assert.match(logStateText(logging(true, true)), /^On/);
  assert.match(logStateText(logging(null, null)), /^Off/);
  assert.match(logStateText(logging(true, false)), /starts sending at its next check-in/);
  assert.match(logStateText(logging(true, null, null)), /first check-in/);
  assert.match(logStateText(logging(false, true)), /stops sending/);
});

test("lost lines are counted in words", () => {
  assert.equal(droppedText(0), "");
  assert.match(droppedText(1), /1 line was/);
  assert.match(droppedText(12), /12 lines were/);
});
