import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameError, freeName, inTabOrder, sketchNameError } from "../../../../static/js/components/editor/name-rules.js";

test("sketch names follow the server's rule", () => {
  for (const name of ["Blink", "_a", "a-b", "A".repeat(48)]) assert.equal(sketchNameError(name), "", name);
  for (const name of ["", "-a", "a b", "ä", "A".repeat(49), "a.b"]) assert.notEqual(sketchNameError(name), "", name);
});

test("file names follow the server's rule", () => {
  for (const path of ["a.h", "src/a/b.cpp", "notes.md", "A.INO"]) assert.equal(fileNameError(path, []), "", path);
  for (const path of ["", "a", "../a.h", "lib/a.h", "src/a/b/c/d.h", "sketch.yaml", "build_opt.h", ".a.h", "a b.h"]) {
    assert.notEqual(fileNameError(path, []), "", path);
  }
});

test("a taken name is taken in any letters", () => {
  assert.match(fileNameError("Part.h", ["part.h"]), /already/);
});

test("the main file comes first", () => {
  assert.deepEqual(inTabOrder(["b.h", "a.h", "Z.ino"], "Z.ino"), ["Z.ino", "a.h", "b.h"]);
});

test("a free name counts up and stays short enough", () => {
  assert.equal(freeName("Blink", []), "Blink");
  assert.equal(freeName("Blink", ["blink", "Blink-2"]), "Blink-3");
  assert.equal(freeName("A".repeat(48), ["A".repeat(48)]).length, 48);
});
