import assert from "node:assert/strict";
import { test } from "node:test";
import { RowStore, newestFirst } from "../../../static/js/core/store.js";

const row = (id, revision, extra = {}) => ({ id, revision, ...extra });

test("an older row never replaces a newer one", () => {
  const store = new RowStore();
  assert.equal(store.apply(row("a", 2, { word: "new" })), true);
  assert.equal(store.apply(row("a", 1, { word: "old" })), false);
  assert.equal(store.get("a")?.word, "new");
});

test("a row of the same revision may bring facts that depend on time", () => {
  const store = new RowStore();
  store.apply(row("a", 2, { seen: 1 }));
  store.apply(row("a", 2, { seen: 2 }));
  assert.equal(store.get("a")?.seen, 2);
});

test("changes and removals are told", () => {
  const store = new RowStore();
  const told = [];
  store.addEventListener("change", (event) => told.push(event.detail.id));
  store.addEventListener("remove", (event) => told.push(`-${event.detail}`));
  store.apply(row("a", 1));
  store.apply(row("a", 0));
  store.remove("a");
  store.remove("a");
  assert.deepEqual(told, ["a", "-a"]);
});

test("a whole answer drops what it lacks and keeps what is newer here", () => {
  const store = new RowStore();
  store.apply(row("gone", 1));
  store.apply(row("kept", 5));
  store.replaceAll([row("kept", 4), row("new", 1)]);
  assert.deepEqual([...store.rows.keys()].sort(), ["kept", "new"]);
  assert.equal(store.get("kept")?.revision, 5);
});

test("no id finds nothing", () => {
  assert.equal(new RowStore().get(null), undefined);
});

test("newest come first", () => {
  const rows = [{ created_at: "2026-01-01" }, { created_at: "2026-01-02" }].sort(newestFirst);
  assert.equal(rows[0].created_at, "2026-01-02");
});
