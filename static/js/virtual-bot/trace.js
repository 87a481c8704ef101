/** The call stack of a crash, by the names of the sketch's functions. */

const MAX_LINES = 12;

/**
 * @param {string} stack of a WebAssembly.RuntimeError, as Chromium or Firefox writes it.
 * @returns {string[]} function names, the innermost first; frames of the page are left away.
 */
export function traceOf(stack) {
  return stack
    .split("\n")
    .filter((line) => line.includes("wasm-function["))
    .map(nameOf)
    .slice(0, MAX_LINES);
}

/** @param {string} line */
function nameOf(line) {
  const index = /wasm-function\[(\d+)\]/.exec(line)?.[1] ?? "?";
  const chromium = /^\s*at (.+?) \((?:wasm|https?|blob):/.exec(line)?.[1];
  const firefox = /^(.+?)@(?:wasm|https?|blob):/.exec(line)?.[1];
  const name = (chromium ?? firefox ?? "").replace(/^\S*?\.(elf|wasm)\./, "");
  return name && !name.startsWith("wasm-function") ? name : `function ${index}`;
}

/** @type {[RegExp, string][]} */
const CAUSES = [
  [/unreachable/i, "The program aborted (abort() or a failed assertion)."],
  [/out of bounds|index out of bounds/i, "The program read or wrote outside its memory."],
  [/divide by zero|division by zero/i, "The program divided by zero."],
  [/stack|recursion/i, "Stack overflow: the calls are nested too deeply."],
  [/null function|signature|indirect call/i, "The program called a function that does not exist."],
];

/**
 * A crash in words.
 * @param {string} message of the error.
 */
export function causeOf(message) {
  return CAUSES.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}
