import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { BUILD_STATES, FAILURES, STAGES, UPDATE_ERRORS, UPDATE_STATES } from "../../static/js/components/build/labels.js";
import { UPDATE_STATUS_LABELS } from "../../static/js/components/device/connectivity.js";
import { BOOTS } from "../../static/js/components/device/facts.js";
import { firmwareText } from "../../static/js/components/device/firmware-messages.js";
import { keyStatus } from "../../static/js/components/device/key-messages.js";
import { TRIGGERS } from "../../static/js/components/device/timeline.js";
import { NETWORK_ERRORS } from "../../static/js/components/device/wifi-messages.js";
import { EventName } from "../../static/js/core/events.js";
import { aDevice, aFirmware, contract } from "./factories.js";

const TABLES = {
  update_states: UPDATE_STATES,
  update_failures: UPDATE_ERRORS,
  update_statuses: UPDATE_STATUS_LABELS,
  build_states: BUILD_STATES,
  build_failure_reasons: FAILURES,
  boots: BOOTS,
  triggers: TRIGGERS,
  network_errors: NETWORK_ERRORS,
};

for (const [name, table] of Object.entries(TABLES)) {
  test(`each of the ${name} has a label, and no label is without a code`, () => {
    assert.deepEqual(Object.keys(table).sort(), [...contract[name]].sort());
    const labels = Object.values(table).map(String);
    assert.equal(new Set(labels).size, labels.length, "two codes with the same label cannot be told apart");
  });
}

test("the stages of a build come in the server's order", () => {
  assert.deepEqual(STAGES.map(([code]) => code), contract.build_stages);
});

test("the page knows the name of every event", () => {
  assert.deepEqual(Object.values(EventName).sort(), [...contract.event_names].sort());
});

test("each state of a key has a text of its own", () => {
  const pills = contract.key_states.map((credential) => keyStatus(aDevice({ credential })).pill);
  assert.equal(new Set(pills).size, contract.key_states.length);
});

test("each kind of firmware has a text of its own", () => {
  const texts = contract.firmware_kinds.map((kind) => firmwareText(aFirmware({ kind })));
  assert.equal(new Set(texts).size, contract.firmware_kinds.length);
});

test("every code of an error that a page looks for is one that the server answers with", () => {
  const wanted = filesBelow(new URL("../../static/js/", import.meta.url)).flatMap((text) =>
    [...text.matchAll(/\.code === "(\w+)"/g)].map(([, code]) => code));
  assert.ok(wanted.length > 0);
  assert.deepEqual(wanted.filter((code) => !contract.problem_codes.includes(code)), []);
});

/** @param {URL} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8"));
}
