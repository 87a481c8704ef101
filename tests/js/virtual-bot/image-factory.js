/** Small images of the virtual bot, right and wrong ones, byte by byte. */

/** @param {string} value */
export function text(value) {
  const bytes = [...new TextEncoder().encode(value)];
  return [...number(bytes.length), ...bytes];
}

/** @param {number} value */
function number(value) {
  const bytes = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/**
 * @param {number} id
 * @param {number[]} content
 */
export function section(id, content) {
  return [id, ...number(content.length), ...content];
}

const vector = (/** @type {number[][]} */ items) => [...number(items.length), ...items.flat()];
const APP = '{"abi":1,"board":"airsketch:virtual:bot","project":"Blink","version":"dev"}';
const DESCRIPTIONS = { 0: [0], 2: [0, 1], 3: [0x7f, 0] };

/**
 * @param {{imports?: [string, string, number][], memory?: number[] | null, without?: string, app?: string | null}} [options]
 *   `imports`: module, name, kind. `memory`: the limits as they stand in the file.
 */
export function smallImage({ imports = [["bot", "idle", 0]], memory = [1, 1, 32], without = "", app = APP } = {}) {
  const functions = imports.filter(([, , kind]) => kind === 0).length;
  const exported = [
    ["memory", 2, 0], ["_initialize", 0, functions], ["bot_abi", 0, functions + 1], ["bot_main", 0, functions], ["bot_isr", 0, functions + 2],
  ].filter(([name]) => name !== without);
  const bytes = [
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector([[0x60, 0, 0], [0x60, 0, 1, 0x7f], [0x60, 1, 0x7f, 0]])),
    ...section(2, vector(imports.map(([module, name, kind]) => [...text(module), ...text(name), kind, ...DESCRIPTIONS[kind]]))),
    ...section(3, vector([[0], [1], [2]])),
    ...(memory ? section(5, [1, ...memory]) : []),
    ...section(7, vector(exported.map(([name, kind, index]) => [...text(String(name)), Number(kind), Number(index)]))),
    ...section(10, vector([[2, 0, 0x0b], [4, 0, 0x41, 1, 0x0b], [2, 0, 0x0b]])),
    ...(app === null ? [] : section(0, [...text("bot.app"), ...new TextEncoder().encode(app)])),
  ];
  return new Uint8Array(bytes);
}
