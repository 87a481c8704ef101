/** The server's rules for names, so that a form can help before it asks. The server decides. */

const SKETCH_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,47}$/;
const FILE_PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,47}$/;
const ENDINGS = [".ino", ".h", ".hh", ".hpp", ".c", ".cpp", ".cc", ".cxx", ".s", ".txt", ".md"];
const STEERING = new Set(["build_opt.h", "file_opts.h"]);
const MAX_DEPTH = 4;
export const MAX_FILES = 32;

/**
 * @param {string} name
 * @returns {string} what is wrong with the name of a sketch; empty when nothing is.
 */
export function sketchNameError(name) {
  if (!name) return "Enter a name.";
  return SKETCH_NAME.test(name) ? "" : "Use 1 to 48 letters, digits, “_” and “-”, not starting with “-”.";
}

/**
 * @param {string} path
 * @param {Iterable<string>} taken the other files of the sketch.
 * @returns {string} what is wrong with the name of a file; empty when nothing is.
 */
export function fileNameError(path, taken) {
  const parts = path.split("/");
  const name = parts[parts.length - 1].toLowerCase();
  if (!path) return "Enter a file name, for example “motor.h”.";
  if (parts.length > MAX_DEPTH) return `Folders can be nested at most ${MAX_DEPTH - 1} deep.`;
  if (!parts.every((part) => FILE_PART.test(part))) return "Use only letters, digits, “.”, “_” and “-”, at most 48 characters.";
  if (parts.length > 1 && parts[0] !== "src") return "Folders are only allowed under “src”.";
  if (!ENDINGS.some((ending) => name.endsWith(ending))) return `Use one of these endings: ${ENDINGS.join(" ")}`;
  if (STEERING.has(name)) return "This file would change compiler settings, so it is not allowed.";
  for (const other of taken) if (other.toLowerCase() === path.toLowerCase()) return "A file with this name already exists.";
  return "";
}

/**
 * The tabs' order: the main file first, the rest by name.
 * @param {Iterable<string>} paths
 * @param {string} main
 */
export function inTabOrder(paths, main) {
  return [...paths].sort((a, b) => Number(b === main) - Number(a === main) || a.localeCompare(b));
}

/**
 * A name like `name` that is not taken: `Blink`, `Blink-2`, `Blink-3`.
 * @param {string} name
 * @param {Iterable<string>} taken
 */
export function freeName(name, taken) {
  const used = new Set([...taken].map((other) => other.toLowerCase()));
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? "" : `-${count}`;
    const candidate = name.slice(0, 48 - suffix.length) + suffix;
    if (!used.has(candidate.toLowerCase())) return candidate;
  }
}
