/** Rules for the browser code: imports point down a list of folders, and text never becomes HTML. */
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import noUnsanitized from "eslint-plugin-no-unsanitized";

/** Each folder of static/js with the other folders that it may import from. */
const mayImport = {
  core: [],
  "virtual-bot": ["core"],
  "components/ui": ["core"],
  "components/editor": ["core", "components/ui"],
  "components/build": ["core", "components/ui"],
  "components/flash": ["core", "components/ui"],
  "components/virtual": ["core", "components/ui", "virtual-bot"],
  "components/device": ["core", "components/ui", "components/build", "components/virtual"],
};
const zones = Object.entries(mayImport).map(([folder, others]) => ({
  target: `./static/js/${folder}`,
  from: "./static/js",
  except: [folder, ...others],
  message: `${folder} may import ${others.join(", ") || "nothing else"}.`,
}));
// The pages are entry points: nothing but their own HTML loads them, not even another page.
zones.push({ target: "./static/js/pages", from: "./static/js/pages", message: "Shared code belongs to a component." });

const correctness = {
  "no-const-assign": "error",
  "no-constant-condition": "error",
  "no-dupe-keys": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-import-assign": "error",
  "no-new-func": "error",
  "no-self-compare": "error",
  "no-shadow": "error",
  "no-unreachable": "error",
  "no-unused-vars": ["error", { args: "after-used", caughtErrors: "none" }],
  "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
  "no-var": "error",
  "prefer-const": "error",
  eqeqeq: ["error", "always", { null: "ignore" }],
  complexity: ["error", 10],
  "max-lines": ["warn", 400],
  "max-lines-per-function": ["error", { max: 40, skipComments: true, skipBlankLines: true }],
  "max-params": ["error", 5],
};

export default [
  { ignores: ["static/vendor/**", "node_modules/**", ".venv/**", ".tools/**"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { rules: correctness },
  {
    files: ["static/js/**/*.js"],
    plugins: { "import-x": importX, "no-unsanitized": noUnsanitized },
    settings: { "import-x/resolver-next": [createNodeResolver()] },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-self-import": "error",
      "import-x/no-unresolved": ["error", { ignore: ["/vendor/"] }],
      "import-x/no-restricted-paths": ["error", { zones }],
      "no-unsanitized/method": "error",
      "no-unsanitized/property": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Use the builders of core/dom.js: text never becomes HTML." },
        { property: "outerHTML", message: "Use the builders of core/dom.js: text never becomes HTML." },
      ],
    },
  },
  {
    // A test's body is a list of cases; its length says nothing.
    files: ["tests/js/**/*.js"],
    rules: { "max-lines-per-function": "off" },
  },
];
