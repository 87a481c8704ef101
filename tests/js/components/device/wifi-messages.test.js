import assert from "node:assert/strict";
import { test } from "node:test";
import { networkStory } from "../../../../static/js/components/device/wifi-messages.js";

const TROUBLES = ["no_such_network", "wrong_password", "no_address", "captive_portal", "server_silent"];
const networked = (changes = {}) => ({
  network_is_set: true, network_revision: 3, network_revision_used: 2, network_failed_revision: 0, network_trouble: null, ...changes,
});

test("without settings, waiting and in use are told apart", () => {
  const words = [{ network_is_set: false }, {}, { network_revision_used: 3 }].map((changes) => networkStory(networked(changes)).text);
  assert.equal(new Set(words).size, 3);
  assert.match(words[1], /waiting/);
  assert.match(words[2], /in use/);
});

test("every trouble has words and advice of its own", () => {
  const stories = TROUBLES.map((trouble) => networkStory(networked({ network_failed_revision: 3, network_trouble: trouble })));
  assert.equal(new Set(stories.map(({ text }) => text)).size, TROUBLES.length);
  assert.equal(new Set(stories.map(({ advice }) => advice)).size, TROUBLES.length);
  for (const { text, tone } of stories) {
    assert.match(text, /revision 3/);
    assert.match(text, /stays on the old one/);
    assert.equal(tone, "bad");
  }
});

test("a trouble of a newer bot is told too", () => {
  const story = networkStory(networked({ network_failed_revision: 3, network_trouble: "rain" }));
  assert.match(story.text, /unknown error/);
  assert.notEqual(story.advice, "");
});

test("newer settings that wait hide the trouble of older ones", () => {
  const story = networkStory(networked({ network_failed_revision: 2, network_trouble: "wrong_password" }));
  assert.equal(story.tone, "");
  assert.match(story.text, /waiting/);
});
