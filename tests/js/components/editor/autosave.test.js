import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Autosave } from "../../../../static/js/components/editor/autosave.js";
import { Drafts } from "../../../../static/js/components/editor/drafts.js";
import { ApiError } from "../../../../static/js/core/errors.js";
import { FakeStorage, FakeTimers, settle } from "../../fakes.js";

let timers, drafts, autosave, files, calls, answer;

beforeEach(() => {
  timers = new FakeTimers();
  drafts = new Drafts(new FakeStorage(), "s1", "tab");
  files = { "a.ino": "one" };
  calls = [];
  answer = async (base) => ({ revision: base + 1 });
  autosave = new Autosave({
    save: (base, sent) => {
      calls.push([base, { ...sent }]);
      return answer(base, sent);
    },
    drafts, read: () => ({ ...files }), now: () => 1000, setTimeout: timers.set, clearTimeout: timers.clear,
  });
  autosave.begin(5, 500);
});

function type(text) {
  files = { "a.ino": text };
  autosave.changed();
}

test("several changes become one save, on top of the last revision", async () => {
  type("two");
  type("three");
  timers.fire();
  await settle();
  assert.deepEqual(calls, [[5, { "a.ino": "three" }]]);
  assert.equal(autosave.state, "saved");
  assert.equal(autosave.baseRevision, 6);
});

test("a change is kept in the browser until the server has it", async () => {
  type("two");
  assert.equal(drafts.find()?.draft.files["a.ino"], "two");
  await autosave.flush();
  assert.equal(drafts.find(), null);
});

test("a change made during a save is saved after it", async () => {
  let release = () => {};
  answer = (base) => new Promise((resolve) => { release = () => resolve({ revision: base + 1 }); });
  type("two");
  timers.fire();
  type("three");
  release();
  await settle();
  assert.equal(autosave.state, "dirty");
  assert.equal(drafts.find()?.draft.baseRevision, 6);
  answer = async (base) => ({ revision: base + 1 });
  await autosave.flush();
  assert.deepEqual(calls.at(-1), [6, { "a.ino": "three" }]);
  assert.equal(autosave.state, "saved");
});

test("without a connection the draft stays and it is tried again", async () => {
  answer = async () => { throw new ApiError(0, "offline", "no"); };
  type("two");
  assert.equal(await autosave.flush(), false);
  assert.equal(autosave.state, "offline");
  assert.equal(drafts.find()?.draft.files["a.ino"], "two");
  answer = async (base) => ({ revision: base + 1 });
  timers.fire();
  await settle();
  assert.equal(autosave.state, "saved");
});

for (const [status, code] of [[401, "not_logged_in"], [400, "csrf"], [429, "too_many_requests"], [503, "unavailable"]]) {
  test(`${code} keeps the draft and waits`, async () => {
    answer = async () => { throw new ApiError(status, code, "no"); };
    type("two");
    await autosave.flush();
    assert.equal(autosave.state, "offline");
    assert.notEqual(drafts.find(), null);
    assert.equal(timers.waiting.size, 1);
  });
}

test("a newer revision stops saving until the person has chosen", async () => {
  answer = async () => { throw new ApiError(409, "newer_revision", "newer", { revision: 8 }); };
  type("two");
  await autosave.flush();
  assert.equal(autosave.state, "conflict");
  type("three");
  timers.fire();
  assert.equal(await autosave.flush(), false);
  assert.equal(calls.length, 1);
  assert.equal(drafts.find()?.draft.files["a.ino"], "three");
  answer = async (base) => ({ revision: base + 1 });
  assert.equal(await autosave.resolve(8), true);
  assert.deepEqual(calls.at(-1), [8, { "a.ino": "three" }]);
});

test("a refused name is said and not tried again by itself", async () => {
  answer = async () => { throw new ApiError(422, "bad_file_name", "This name is not allowed."); };
  type("two");
  await autosave.flush();
  assert.equal(autosave.state, "refused");
  assert.equal(autosave.message, "This name is not allowed.");
  assert.equal(timers.waiting.size, 0);
});

test("nothing to save needs no request", async () => {
  assert.equal(await autosave.flush(), true);
  assert.equal(calls.length, 0);
});

test("each save is told with the sketch", async () => {
  const told = [];
  autosave.addEventListener("saved", (event) => told.push(event.detail.revision));
  type("two");
  await autosave.flush();
  assert.deepEqual(told, [6]);
});
