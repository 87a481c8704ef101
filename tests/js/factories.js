/** Rows as the server sends them, with what a test cares about put on top. */

/** @param {Record<string, unknown>} [changes] */
export function aBuild(changes = {}) {
  return /** @type {any} */ ({
    id: "build1", sketch_id: "sketch1", sketch_name: "Blink", sketch_revision: 3, fqbn: "airsketch:virtual:bot", chip: "virtual",
    state: "succeeded", stage: null, reason: null, message: "", diagnostics: [], sizes: [], libraries: [], artifacts: [],
    image_digest: "aa", image_bytes: 4096, version: "1", core_version: "", tool_version: "", compile_s: 1,
    created_at: "2026-01-01T12:00:00.000Z", started_at: "2026-01-01T12:00:00.000Z", finished_at: "2026-01-01T12:00:01.000Z",
    revision: 1, ...changes,
  });
}

/** @param {Record<string, unknown>} [changes] */
export function anUpdate(changes = {}) {
  return /** @type {any} */ ({
    id: "update1", device_id: "bot_001",
    release: { id: "release1", build_id: "build1", name: "Blink", version: "1", fqbn: "", size_bytes: 1000, sha256: "", image_digest: "", created_at: "" },
    state: "armed", bytes_done: 0, error: "", trigger: null, wish: null, created_at: "2026-01-01T12:01:00.000Z", offered_at: null,
    changed_at: "2026-01-01T12:01:00.000Z", deadline_at: null, ended_at: null, revision: 1, ...changes,
  });
}

/** @param {Record<string, unknown>} [changes] */
export function aDevice(changes = {}) {
  return /** @type {any} */ ({ id: "bot_001", chip: "virtual", last_seen_at: null, poll_after_s: 60, revision: 1, ...changes });
}
