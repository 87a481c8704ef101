import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts, differingFiles, reconcile, renamedFor, sameFiles } from "../../../../static/js/components/editor/drafts.js";
import { FakeStorage } from "../../fakes.js";

const draft = (files, baseRevision = 3, keptAt = 1) => ({ baseRevision, files, keptAt });

test("a kept draft is found again", () => {
  const drafts = new Drafts(new FakeStorage(), "s1", "tab");
  assert.equal(drafts.keep(draft({ "a.ino": "x" })), true);
  assert.deepEqual(drafts.find()?.draft.files, { "a.ino": "x" });
  drafts.forget();
  assert.equal(drafts.find(), null);
});

test("two tabs keep two drafts, and each finds its own", () => {
  const storage = new FakeStorage();
  const [one, two] = [new Drafts(storage, "s1", "one"), new Drafts(storage, "s1", "two")];
  one.keep(draft({ "a.ino": "one" }, 3, 1));
  two.keep(draft({ "a.ino": "two" }, 3, 2));
  assert.equal(one.find()?.draft.files["a.ino"], "one");
  assert.equal(two.find()?.draft.files["a.ino"], "two");
});

test("a new tab finds the newest draft that another left", () => {
  const storage = new FakeStorage();
  new Drafts(storage, "s1", "old").keep(draft({ "a.ino": "old" }, 3, 1));
  new Drafts(storage, "s1", "new").keep(draft({ "a.ino": "new" }, 3, 2));
  new Drafts(storage, "other", "x").keep(draft({ "a.ino": "other" }, 3, 9));
  assert.equal(new Drafts(storage, "s1", "third").find()?.draft.files["a.ino"], "new");
});

test("a full storage is said, not thrown", () => {
  const storage = new FakeStorage();
  storage.isFull = true;
  assert.equal(new Drafts(storage, "s1", "tab").keep(draft({})), false);
});

test("a broken draft counts as none", () => {
  const storage = new FakeStorage();
  storage.setItem("airsketch:draft:s1:tab", "{");
  assert.equal(new Drafts(storage, "s1", "tab").find(), null);
});

test("a draft on top of the newest revision is restored", () => {
  assert.equal(reconcile(draft({ "a.ino": "mine" }), { revision: 3, files: { "a.ino": "saved" } }), "restore");
});

test("a draft on top of an older revision is a conflict", () => {
  assert.equal(reconcile(draft({ "a.ino": "mine" }), { revision: 4, files: { "a.ino": "theirs" } }), "conflict");
});

test("a draft that says the same as the server is none", () => {
  assert.equal(reconcile(draft({ "a.ino": "x" }), { revision: 9, files: { "a.ino": "x" } }), "none");
  assert.equal(reconcile(null, { revision: 9, files: {} }), "none");
});

test("files are compared by name and text", () => {
  assert.equal(sameFiles({ a: "1" }, { a: "1" }), true);
  assert.equal(sameFiles({ a: "1" }, { a: "1", b: "" }), false);
  assert.equal(sameFiles({ a: "1" }, { b: "1" }), false);
});

test("differing files are those changed, added or gone", () => {
  assert.deepEqual(differingFiles({ a: "1", b: "1", c: "1" }, { a: "1", b: "2", d: "1" }), ["b", "c", "d"]);
});

test("a copy renames the main file only", () => {
  assert.deepEqual(renamedFor({ "Blink.ino": "x", "part.h": "y" }, "Blink", "Blink-2"), { "Blink-2.ino": "x", "part.h": "y" });
});
