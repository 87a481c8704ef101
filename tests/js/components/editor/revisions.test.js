import assert from "node:assert/strict";
import { test } from "node:test";
import { Revisions, changeText } from "../../../../static/js/components/editor/revisions.js";

const PAGE_ROWS = 3;
const aRevision = (changes = {}) => ({ number: 7, renamed_from: "", changes: [{ file: "Blink.ino", change: "changed" }], ...changes });

/** A sketch on a server that lists three revisions a page. */
function aSketch(newest) {
  const sketch = { newest, asked: [], isAway: false };
  sketch.list = new Revisions(async (before) => {
    sketch.asked.push(before);
    if (sketch.isAway) return undefined;
    const from = Math.min(before === null ? sketch.newest : before - 1, sketch.newest);
    const numbers = [from, from - 1, from - 2].filter((number) => number > 0);
    return { revisions: numbers.map((number) => aRevision({ number })), next: from > PAGE_ROWS ? from - 2 : null };
  });
  sketch.numbers = () => sketch.list.rows.map((row) => row.number);
  return sketch;
}

test("pages follow each other until the first revision", async () => {
  const sketch = aSketch(5);
  await sketch.list.refresh();
  assert.deepEqual(sketch.numbers(), [5, 4, 3]);
  await sketch.list.older();
  assert.deepEqual([sketch.numbers(), sketch.list.next], [[5, 4, 3, 2, 1], null]);
  await sketch.list.older();
  assert.deepEqual(sketch.asked, [null, 3]);
});

test("two wishes for older ones at once fetch two pages, not one twice", async () => {
  const sketch = aSketch(9);
  await sketch.list.refresh();
  await Promise.all([sketch.list.older(), sketch.list.older()]);
  assert.deepEqual(sketch.numbers(), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test("a save elsewhere comes on top and keeps what was fetched", async () => {
  const sketch = aSketch(5);
  await sketch.list.refresh();
  await sketch.list.older();
  sketch.newest = 6;
  await sketch.list.refresh();
  assert.deepEqual([sketch.numbers(), sketch.list.next], [[6, 5, 4, 3, 2, 1], null]);
});

test("after very many saves elsewhere the list starts over, without a gap", async () => {
  const sketch = aSketch(5);
  await sketch.list.refresh();
  sketch.newest = 20;
  await sketch.list.refresh();
  assert.deepEqual([sketch.numbers(), sketch.list.next], [[20, 19, 18], 18]);
});

test("a page that failed changes nothing and can be asked for again", async () => {
  const sketch = aSketch(5);
  await sketch.list.refresh();
  sketch.isAway = true;
  await sketch.list.older();
  assert.deepEqual(sketch.numbers(), [5, 4, 3]);
  sketch.isAway = false;
  await sketch.list.older();
  assert.deepEqual(sketch.numbers(), [5, 4, 3, 2, 1]);
});

test("a save says which files it touched", () => {
  assert.equal(changeText(aRevision()), "Blink.ino");
  const changes = [{ file: "a.h", change: "added" }, { file: "b.h", change: "removed" }];
  assert.equal(changeText(aRevision({ changes })), "a.h added, b.h removed");
});

test("many files are counted after the third", () => {
  const changes = ["a.h", "b.h", "c.h", "d.h", "e.h"].map((file) => ({ file, change: "changed" }));
  assert.equal(changeText(aRevision({ changes })), "a.h, b.h, c.h, 2 more");
});

test("a new name, the beginning, and what is no longer known have their own words", () => {
  assert.equal(changeText(aRevision({ renamed_from: "Wink", changes: [] })), "Renamed from Wink");
  assert.equal(changeText(aRevision({ number: 1 })), "Created");
  assert.equal(changeText(aRevision({ changes: null })), "");
});
