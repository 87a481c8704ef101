import assert from "node:assert/strict";
import { test } from "node:test";
import { connectivityOf } from "../../../../static/js/components/device/connectivity.js";

const seen = "2026-01-01T12:00:00.000Z";
const after = (seconds) => Date.parse(seen) + seconds * 1000;

test("connectivity is measured in the bot's own intervals", () => {
  const device = { last_seen_at: seen, poll_after_s: 60 };
  assert.equal(connectivityOf(device, after(180)), "online");
  assert.equal(connectivityOf(device, after(181)), "overdue");
  assert.equal(connectivityOf(device, after(600)), "overdue");
  assert.equal(connectivityOf(device, after(601)), "offline");
});

test("a bot that never called is unknown", () => {
  assert.equal(connectivityOf({ last_seen_at: null, poll_after_s: 60 }, 0), "unknown");
});
