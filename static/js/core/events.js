/**
 * The events a page can receive, and the shapes that the server sends.
 * The same shapes are answers of the JSON API; `revision` grows with each change.
 */

/** Names of the live events. */
export const EventName = Object.freeze({
  BUILD_CHANGED: "build.changed",
  BUILD_LOG: "build.log",
  BUILD_QUEUE: "build.queue",
  DEVICE_CHANGED: "device.changed",
  DEVICE_LOG: "device.log",
  UPDATE_CHANGED: "update.changed",
  SKETCH_SAVED: "sketch.saved",
  BOARDS_CHANGED: "boards.changed",
});

/**
 * @typedef {{id: string, name: string, fqbn: string, revision: number,
 *   created_at: string, updated_at: string}} Sketch
 * @typedef {Sketch & {files: Record<string, string>}} SketchWithFiles
 * @typedef {{sketch_id: string, number: number, sketch_name: string, digest: string,
 *   size_bytes: number, created_at: string}} Revision
 * @typedef {Revision & {renamed_from: string,
 *   changes: {file: string, change: string}[] | null}} ListedRevision
 * @typedef {Revision & {files: Record<string, string>}} RevisionWithFiles
 * @typedef {{severity: string, file: string, line: number, column: number, message: string}} Diagnostic
 * @typedef {{name: string, size_bytes: number, max_bytes: number}} SectionSize
 * @typedef {{name: string, size_bytes: number, sha256: string}} Artifact
 * @typedef {{id: string, sketch_id: string | null, sketch_name: string, sketch_revision: number,
 *   fqbn: string, chip: string, state: string, stage: string | null, reason: string | null,
 *   message: string, diagnostics: Diagnostic[], sizes: SectionSize[],
 *   libraries: {name: string, version: string}[], artifacts: Artifact[], image_digest: string,
 *   image_bytes: number, version: string, core_version: string, tool_version: string,
 *   compile_s: number, created_at: string, started_at: string | null, finished_at: string | null,
 *   revision: number}} Build
 * @typedef {{build_id: string, position: number, estimate_s: number | null, workers: number}} QueuePlace
 * @typedef {{build_id: string, start: number, text: string}} LogPiece
 * @typedef {{id: string, admission: string, board: string, chip: string, version: string,
 *   image_digest: string, slot: string, boot: string | null, reset_reason: string, uptime_s: number,
 *   free_heap_bytes: number, rssi_dbm: number | null, last_seen_at: string | null,
 *   poll_after_s: number, update_status: string, network_is_set: boolean,
 *   network_revision: number, network_revision_used: number, network_failed_revision: number,
 *   network_error: string | null, wants_log: boolean | null, sends_log: boolean | null,
 *   link_name: string, link_is_open: boolean, sent_release_id: string | null, revision: number,
 *   is_virtual: boolean, credential: string, credential_since: string | null}} Device
 * @typedef {{device_id: string, start: number, lines: {at: string, text: string}[], dropped: number}} LogLines
 * @typedef {import("./api-types.js").ReleasePayload} Release
 * @typedef {import("./api-types.js").UpdatePayload} Update
 * @typedef {import("./api-types.js").FirmwarePayload} Firmware
 * @typedef {{fqbn: string, name: string, core: string, chip: string, slot_bytes: number,
 *   available: boolean, reason: string}} Board
 * @typedef {{core: string, state: string, version: string, message: string}} Core
 * @typedef {{boards: Board[], cores: Core[], tool_version: string}} Catalog
 * @typedef {{name: string, title: string, summary: string, boards: string[]}} Example
 */
