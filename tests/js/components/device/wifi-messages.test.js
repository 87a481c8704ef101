import assert from "node:assert/strict";
import { test } from "node:test";
import { wifiStatus } from "../../../../static/js/components/device/wifi-messages.js";

const ERRORS = ["no_such_network", "wrong_password", "no_address", "captive_portal", "server_silent"];
const networked = (changes = {}) => ({
  network_is_set: true, network_revision: 3, network_revision_used: 2, network_failed_revision: 0, network_error: null, ...changes,
});

test("without settings, waiting and in use are told apart", () => {
  const words = [{ network_is_set: false }, {}, { network_revision_used: 3 }].map((changes) => wifiStatus(networked(changes)).text);
  assert.equal(new Set(words).size, 3);
  assert.match(words[1], /waiting/);
  assert.match(words[2], /in use/);
});

test("every error has text and advice of its own", () => {
  const statuses = ERRORS.map((error) => wifiStatus(networked({ network_failed_revision: 3, network_error: error })));
  assert.equal(new Set(statuses.map(({ text }) => text)).size, ERRORS.length);
  assert.equal(new Set(statuses.map(({ advice }) => advice)).size, ERRORS.length);
  for (const { text, tone } of statuses) {
    assert.match(text, /revision 3/);
    assert.match(text, /stays on the old one/);
    assert.equal(tone, "bad");
  }
});

test("an error code of newer firmware gets a message, too", () => {
  const status = wifiStatus(networked({ network_failed_revision: 3, network_error: "rain" }));
  assert.match(status.text, /unknown error/);
  assert.notEqual(status.advice, "");
});

test("newer settings that wait hide the error of older ones", () => {
  const status = wifiStatus(networked({ network_failed_revision: 2, network_error: "wrong_password" }));
  assert.equal(status.tone, "");
  assert.match(status.text, /waiting/);
});
