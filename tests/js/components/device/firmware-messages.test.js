import assert from "node:assert/strict";
import { test } from "node:test";
import { firmwareText } from "../../../../static/js/components/device/firmware-messages.js";
import { aFirmware } from "../../factories.js";

const behind = (newest_revision, changed_lines) => firmwareText(aFirmware({ version: "r12", revision: 12 }, { newest_revision, changed_lines }));

test("the newest revision is called so", () => {
  assert.equal(behind(12, 0), "Blink r12 · newest");
});

test("an older revision tells how far it is behind", () => {
  assert.equal(behind(14, 3), "Blink r12 · newest r14, 3 lines differ");
  assert.equal(behind(13, 1), "Blink r12 · newest r13, 1 line differs");
  assert.equal(behind(13, 0), "Blink r12 · newest r13, no lines differ");
});

test("what is no longer known is left out", () => {
  assert.equal(behind(14, null), "Blink r12 · newest r14");
  assert.equal(behind(null, null), "Blink r12");
});

test("a foreign image is quoted, not believed", () => {
  const foreign = { kind: "foreign", name: "", revision: null };
  assert.match(firmwareText(aFirmware({ ...foreign, version: "v9" })), /not from this server.*“v9”/);
  assert.equal(firmwareText(aFirmware({ ...foreign, version: "" })), "not from this server");
});
