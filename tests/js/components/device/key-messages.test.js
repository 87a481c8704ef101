import assert from "node:assert/strict";
import { test } from "node:test";
import { keyStatus, renewQuestion } from "../../../../static/js/components/device/key-messages.js";
import { aDevice } from "../../factories.js";

const NOW = Date.parse("2026-01-01T12:00:00.000Z");
const keyed = (changes = {}) =>
  aDevice({ credential: "current", credential_since: null, last_seen_at: "2026-01-01T11:59:30.000Z", ...changes });

test("every state of a key has words of its own", () => {
  const statuses = ["current", "renewed", "over_usb", "revoked"].map((credential) => keyStatus(keyed({ credential }), NOW));
  assert.equal(new Set(statuses.map(({ pill }) => pill)).size, 4);
  assert.equal(new Set(statuses.map(({ text }) => text)).size, 4);
});

test("a new key that came into use says since when", () => {
  assert.doesNotMatch(keyStatus(keyed(), NOW).text, /since/i);
  assert.match(keyStatus(keyed({ credential_since: "2026-01-01T11:58:00.000Z" }), NOW).text, /In use since \d\d:\d\d/);
});

test("a bot that is online gets its key at its next check-in, another one later or over USB", () => {
  const [online, offline] = [keyed({ credential: "renewed" }), keyed({ credential: "renewed", last_seen_at: null })];
  assert.match(keyStatus(online, NOW).text, /at its next check-in/);
  assert.match(keyStatus(offline, NOW).text, /over USB/);
  assert.match(renewQuestion(online, NOW).text, /at its next check-in/);
  assert.match(renewQuestion(offline, NOW).text, /over USB/);
});

test("what a new key makes invalid is said before", () => {
  assert.doesNotMatch(renewQuestion(keyed(), NOW).text, /invalid/);
  assert.match(renewQuestion(keyed({ credential: "over_usb" }), NOW).text, /invalid/);
  assert.match(renewQuestion(keyed({ credential: "revoked" }), NOW).text, /stays locked out/);
});
