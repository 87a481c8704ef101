import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { BadImage, IMPORT_NAMES, SLOT_BYTES, checkImage } from "../../../static/js/virtual-bot/image.js";
import { sha256Hex } from "../../../static/vendor/hashes.js";
import { section, smallImage, text } from "./image-factory.js";

const refused = (bytes, pattern) => assert.throws(() => checkImage(bytes), (error) => error instanceof BadImage && pattern.test(error.message));

test("a sound image says its project and version", () => {
  const image = smallImage();
  assert.ok(WebAssembly.validate(image));
  assert.deepEqual(checkImage(image), { project: "Blink", version: "dev" });
});

test("every documented name may be imported", async () => {
  const { readFile } = await import("node:fs/promises");
  const paper = await readFile("device_sketch/hardware/airsketch/virtual/HOST_INTERFACE.md", "utf8");
  const table = paper.slice(paper.indexOf("## Imports"), paper.indexOf("## Custom section"));
  const names = [...table.matchAll(/^\| `(\w+)\(/gm)].map((match) => match[1]);
  assert.deepEqual(new Set(names), IMPORT_NAMES);
});

test("what is no module is refused", () => {
  refused(new Uint8Array([1, 2, 3]), /not a WebAssembly module/);
  refused(new TextEncoder().encode("<html>"), /not a WebAssembly module/);
});

test("unknown names and other modules are refused", () => {
  refused(smallImage({ imports: [["bot", "eval", 0]] }), /bot\.eval/);
  refused(smallImage({ imports: [["env", "now_us", 0]] }), /env\.now_us/);
});

test("memory of somebody else, tables and globals are refused as imports", () => {
  refused(smallImage({ imports: [["bot", "now_us", 2]] }), /does not have/);
  refused(smallImage({ imports: [["bot", "now_us", 3]] }), /does not have/);
});

test("too much memory is refused, whether now or later", () => {
  refused(smallImage({ memory: [1, 33, 33] }), /more than 2 MiB/);
  refused(smallImage({ memory: [1, 1, 33] }), /more than 2 MiB/);
  refused(smallImage({ memory: [0, 1] }), /more than 2 MiB/);
  refused(smallImage({ memory: [3, 1, 1] }), /more than 2 MiB/);
  refused(smallImage({ memory: null }), /no memory/);
  assert.ok(checkImage(smallImage({ memory: [1, 2, 32] })));
});

test("a missing export is named", () => {
  for (const name of ["memory", "_initialize", "bot_abi", "bot_main", "bot_isr"]) {
    refused(smallImage({ without: name }), new RegExp(`lacks “${name}”`));
  }
});

test("an image without bot.app, with a broken one, or of another interface is refused", () => {
  refused(smallImage({ app: null }), /not built for the virtual bot/);
  refused(smallImage({ app: "{" }), /cannot be read/);
  refused(smallImage({ app: JSON.stringify({ abi: 2 }) }), /host interface 2/);
});

test("an image cut anywhere is refused, never read past its end", () => {
  const image = smallImage();
  for (let size = 0; size < image.length; size += 1) refused(image.subarray(0, size), /./);
});

test("an image larger than a slot is refused", () => {
  const filler = section(0, [...text("filler"), ...new Uint8Array(10)]);
  const big = new Uint8Array(SLOT_BYTES + 1);
  big.set(new Uint8Array([...smallImage(), ...filler]));
  refused(big, /a slot holds 1310720/);
});

test("digests are those of the standard", () => {
  for (const size of [0, 1, 55, 56, 63, 64, 65, 1000, 70_001]) {
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 7) & 0xff);
    assert.equal(sha256Hex(bytes), createHash("sha256").update(bytes).digest("hex"), String(size));
  }
});
