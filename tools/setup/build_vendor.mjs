/**
 * Bundles the browser parts of other projects into static/vendor, so that a page needs no other host.
 *
 * Each entry file becomes one minified ES module with a file of types beside it, which lets the type check read
 * the real types instead of the minified text. All is written aside and then renamed: no page loads half a bundle.
 */
import { build } from "esbuild";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const target = join(root, "static", "vendor");
const partial = join(root, "static", `vendor.partial-${process.pid}`);
const bundles = {
  codemirror: "codemirror.entry.js",
  esptool: "esptool.entry.js",
  hashes: "hashes.entry.js",
  "socket.io": "socketio.entry.js",
};

try {
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(bundles).map(([name, entry]) => [name, join(here, "vendor", entry)]),
    ),
    outdir: partial,
    bundle: true,
    format: "esm",
    minify: true,
    legalComments: "linked",
    target: ["chrome116", "firefox115", "safari16.4"],
    logLevel: "warning",
  });
  for (const [name, entry] of Object.entries(bundles)) {
    writeFileSync(join(partial, `${name}.d.ts`), `export * from "../../tools/setup/vendor/${entry}";\n`);
  }
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
} finally {
  rmSync(partial, { recursive: true, force: true });
}
