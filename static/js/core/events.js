/**
 * The events a page can receive, and the pages' names for what the server sends.
 * Events and answers of the JSON API carry the same payloads; `revision` grows with each change.
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
 * @typedef {import("./api-types.js").SketchPayload} Sketch
 * @typedef {import("./api-types.js").SketchWithFiles} SketchWithFiles
 * @typedef {import("./api-types.js").ListedRevisionPayload} ListedRevision
 * @typedef {import("./api-types.js").RevisionWithFiles} RevisionWithFiles
 * @typedef {import("./api-types.js").DiagnosticPayload} Diagnostic
 * @typedef {import("./api-types.js").SectionSizePayload} SectionSize
 * @typedef {import("./api-types.js").ArtifactPayload} Artifact
 * @typedef {import("./api-types.js").BuildPayload} Build
 * @typedef {import("./api-types.js").QueuePayload} QueuePlace
 * @typedef {import("./api-types.js").LogPayload} LogPiece
 * @typedef {import("./api-types.js").DevicePayload} Device
 * @typedef {import("./api-types.js").DeviceLogPayload} LogLines
 * @typedef {import("./api-types.js").ReleasePayload} Release
 * @typedef {import("./api-types.js").UpdatePayload} Update
 * @typedef {import("./api-types.js").FirmwarePayload} Firmware
 * @typedef {import("./api-types.js").BoardPayload} Board
 * @typedef {import("./api-types.js").CorePayload} Core
 * @typedef {import("./api-types.js").CatalogPayload} Catalog
 * @typedef {import("./api-types.js").Example} Example
 * @typedef {Omit<RevisionWithFiles, "files">} Revision
 */
