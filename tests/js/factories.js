/**
 * Rows as the server sends them, with what a test cares about put on top. The rows themselves come from the server's own
 * payload makers (`make contract`), and a test can only set keys that the server sends.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const contract = JSON.parse(readFileSync(new URL("../contract/contract.json", import.meta.url), "utf8"));

/**
 * @param {string} payload name of a payload type of the server.
 * @param {Record<string, unknown>} usual what most tests want.
 * @param {Record<string, unknown>} changes
 */
function from(payload, usual, changes) {
  const example = structuredClone(contract.examples[payload]);
  const unknown = Object.keys({ ...usual, ...changes }).filter((key) => !(key in example));
  assert.deepEqual(unknown, [], `the server sends no such keys in a ${payload}`);
  return /** @type {any} */ ({ ...example, ...usual, ...changes });
}

/** @param {Record<string, unknown>} [changes] */
export const aBuild = (changes = {}) => from("BuildPayload", { sketch_revision: 3, image_bytes: 4096 }, changes);

/** @param {Record<string, unknown>} [changes] */
export const anUpdate = (changes = {}) => from("UpdatePayload", {}, changes);

/** @param {Record<string, unknown>} [changes] */
export const aDevice = (changes = {}) => from("DevicePayload", { last_seen_at: null }, changes);

/**
 * @param {Record<string, unknown>} [running] what the bot runs.
 * @param {Record<string, unknown>} [changes]
 */
export function aFirmware(running = {}, changes = {}) {
  const firmware = from("FirmwarePayload", {}, changes);
  return { ...firmware, running: { ...firmware.running, ...running } };
}
