import assert from "node:assert/strict";
import { test } from "node:test";
import { keyStory, renewQuestion } from "../../../../static/js/components/device/key-messages.js";
import { aDevice } from "../../factories.js";

const NOW = Date.parse("2026-01-01T12:00:00.000Z");
const keyed = (changes = {}) =>
  aDevice({ credential: "current", credential_since: null, last_seen_at: "2026-01-01T11:59:30.000Z", ...changes });

test("every state of a key has words of its own", () => {
  const stories = ["current", "renewed", "by_wire", "revoked"].map((credential) => keyStory(keyed({ credential }), NOW));
  assert.equal(new Set(stories.map(({ pill }) => pill)).size, 4);
  assert.equal(new Set(stories.map(({ text }) => text)).size, 4);
});

test("a new key that came into use says since when", () => {
  assert.doesNotMatch(keyStory(keyed(), NOW).text, /since/);
  assert.match(keyStory(keyed({ credential_since: "2026-01-01T11:58:00.000Z" }), NOW).text, /in use since \d\d:\d\d/);
});

test("a bot that is online gets its key at its next call, another one later or by wire", () => {
  const [online, offline] = [keyed({ credential: "renewed" }), keyed({ credential: "renewed", last_seen_at: null })];
  assert.match(keyStory(online, NOW).text, /at its next call/);
  assert.match(keyStory(offline, NOW).text, /by wire/);
  assert.match(renewQuestion(online, NOW).text, /at its next call/);
  assert.match(renewQuestion(offline, NOW).text, /by wire/);
});

test("what a new key makes worthless is said before", () => {
  assert.doesNotMatch(renewQuestion(keyed(), NOW).text, /worthless/);
  assert.match(renewQuestion(keyed({ credential: "by_wire" }), NOW).text, /worthless/);
  assert.match(renewQuestion(keyed({ credential: "revoked" }), NOW).text, /stays shut out/);
});
