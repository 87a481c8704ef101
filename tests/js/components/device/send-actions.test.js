import assert from "node:assert/strict";
import { test } from "node:test";
import { sendActions } from "../../../../static/js/components/device/send-actions.js";
import { aBuild, aDevice, anUpdate } from "../../factories.js";

const facts = (changes = {}) => ({ revision: 3, build: aBuild(), update: undefined, device: aDevice(), ...changes });

test("a finished build can be sent, and that is the next thing to do", () => {
  assert.deepEqual(sendActions(facts()), { canSend: true, isUnderWay: false, why: "", canCancel: false, isPrimary: true });
});

test("without a finished build the reason is said", () => {
  const actions = sendActions(facts({ build: aBuild({ state: "running" }) }));
  assert.equal(actions.canSend, false);
  assert.match(actions.why, /Compile first/);
});

test("a build for another chip is held back", () => {
  const actions = sendActions(facts({ device: aDevice({ chip: "esp32" }) }));
  assert.equal(actions.canSend, false);
  assert.match(actions.why, /virtual.*esp32/);
});

test("a bot that never called may have any chip", () => {
  assert.equal(sendActions(facts({ device: aDevice({ chip: "" }) })).canSend, true);
});

test("the same build is not sent twice at once, but can be cancelled", () => {
  const actions = sendActions(facts({ update: anUpdate() }));
  assert.equal(actions.canSend, false);
  assert.equal(actions.canCancel, true);
});

test("a newer build may take the place of one under way", () => {
  assert.equal(sendActions(facts({ build: aBuild({ id: "build2" }), update: anUpdate() })).canSend, true);
});

test("a build that runs already can be sent again, quietly", () => {
  const actions = sendActions(facts({ update: anUpdate({ state: "confirmed" }) }));
  assert.equal(actions.canSend, true);
  assert.equal(actions.isPrimary, false);
});

test("sending an older revision is said beforehand", () => {
  assert.match(sendActions(facts({ revision: 5 })).why, /revision 3/);
});
