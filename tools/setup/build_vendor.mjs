/**
 * Bundles the browser parts of other projects into static/vendor, so that a page needs no other host.
 *
 * Each entry file becomes one minified ES module with a file of types beside it, which lets the type check read
 * the real types instead of the minified text. All is written aside and then renamed: no page loads half a bundle.
 */
import { build } from "esbuild";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
/** What comes bundled already: the viewers of the API's description, which only their own pages load. */
const copies = {
  "redoc.js": "redoc/bundles/redoc.standalone.js",
  "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
  "swagger-ui.js": "swagger-ui-dist/swagger-ui-bundle.js",
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
  for (const [name, file] of Object.entries(copies)) {
    writeFileSync(join(partial, name), askingNobody(readFileSync(join(root, "node_modules", file), "utf8")));
  }
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
} finally {
  rmSync(partial, { recursive: true, force: true });
}

/**
 * ReDoc's text without the logo that it fetches from its maker: our pages ask no other host.
 * @param {string} text
 */
function askingNobody(text) {
  return text.replaceAll("https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,");
}
