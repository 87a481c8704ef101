/* Made from the API's description by `make api-types`. Do not edit. */

/**
 * Where a build stands.
 *
 */
export type BuildState = "queued" | "running" | "succeeded" | "failed" | "timed_out" | "cancelled" | "lost";
/**
 * The part of a compile that is under way, in the order in which they come.
 *
 */
export type Stage =
  | "preparing"
  | "detecting_libraries"
  | "generating_prototypes"
  | "compiling_sketch"
  | "compiling_libraries"
  | "compiling_core"
  | "linking"
  | "checking_image"
  | "storing";
/**
 * Why a build failed; permanent words of the API.
 *
 */
export type FailureReason =
  | "compile_error"
  | "link_error"
  | "too_big"
  | "out_of_memory"
  | "output_flood"
  | "disk_full"
  | "bad_image"
  | "toolchain"
  | "internal";
/**
 * How bad a diagnostic is.
 *
 */
export type Severity = "error" | "warning" | "note";
/**
 * Whether a device may use this server.
 *
 */
export type Admission = "pending" | "accepted" | "rejected" | "decommissioned";
/**
 * The state of a device's key; derived, never stored.
 *
 */
export type KeyState = "current" | "renewed" | "over_usb" | "revoked";
/**
 * How the running image came to run.
 *
 */
export type Boot = "normal" | "rescue" | "rolled_back";
/**
 * Whether a device runs what it should; it follows from its latest update.
 *
 */
export type UpdateStatus = "in_sync" | "pending" | "error" | "unknown";
/**
 * Why new network settings did not work.
 *
 */
export type NetworkError = "no_such_network" | "wrong_password" | "no_address" | "captive_portal" | "server_silent";
/**
 * Where an update stands.
 *
 */
export type UpdateState =
  | "scheduled"
  | "armed"
  | "offered"
  | "downloading"
  | "installing"
  | "restarting"
  | "verifying"
  | "confirmed"
  | "failed"
  | "timed_out"
  | "rolled_back"
  | "cancelled"
  | "superseded"
  | "incompatible";
/**
 * Why an update failed, as reported by the bot or the server; permanent.
 *
 */
export type UpdateError =
  | "bad_signature"
  | "wrong_board"
  | "wrong_size"
  | "wrong_digest"
  | "too_big"
  | "flash_write"
  | "no_space"
  | "connection"
  | "refused_by_sketch"
  | "other";
/**
 * Why an update failed, as the server concludes from what the bot does, or does not; permanent.
 *
 */
export type InferredError =
  | "rolled_back"
  | "never_fetched"
  | "silent_downloading"
  | "silent_installing"
  | "silent_restarting"
  | "silent_verifying";
/**
 * What made a bot check in.
 *
 */
export type Trigger = "button" | "poll" | "boot";
/**
 * Whether the core of a chip family can be used here.
 *
 */
export type CoreState = "installed" | "installing" | "missing";
/**
 * What an account may do.
 *
 */
export type Role = "owner" | "maintainer";
/**
 * What a server knows of the image that a bot runs.
 *
 */
export type FirmwareKind = "revision" | "release" | "foreign" | "unknown";

/**
 * What each Socket.IO event carries.
 */
export interface EventBodies {
  "build.changed": BuildPayload;
  "build.log": LogPayload;
  "build.queue": QueuePayload;
  "device.changed": DevicePayload;
  "device.log": DeviceLogPayload;
  "update.changed": UpdatePayload;
  "sketch.saved": SketchPayload;
  "boards.changed": CatalogPayload;
}
/**
 * A build; `revision` grows with every change of it.
 *
 */
export interface BuildPayload {
  id: string;
  sketch_id: string | null;
  sketch_name: string;
  sketch_revision: number;
  fqbn: string;
  chip: string;
  state: BuildState;
  stage: Stage | null;
  reason: FailureReason | null;
  message: string;
  diagnostics: DiagnosticPayload[];
  sizes: SectionSizePayload[];
  libraries: LibraryPayload[];
  artifacts: ArtifactPayload[];
  image_digest: string;
  image_bytes: number;
  version: string;
  core_version: string;
  tool_version: string;
  compile_s: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  revision: number;
}
/**
 * A message of the compiler or the linker; line and column count from 1, 0 is unknown.
 *
 */
export interface DiagnosticPayload {
  severity: Severity;
  file: string;
  line: number;
  column: number;
  message: string;
}
/**
 * How full one memory is: `text` is the slot, `data` the RAM for globals.
 *
 */
export interface SectionSizePayload {
  name: string;
  size_bytes: number;
  max_bytes: number;
}
/**
 * A library that went into the firmware.
 *
 */
export interface LibraryPayload {
  name: string;
  version: string;
}
/**
 * A file of a build, with its SHA-256 in lower-case hex.
 *
 */
export interface ArtifactPayload {
  name: string;
  size_bytes: number;
  sha256: string;
}
/**
 * A piece of a build's log: its byte offset and its text.
 *
 */
export interface LogPayload {
  build_id: string;
  start: number;
  text: string;
}
/**
 * Where a queued build stands: 1 = next; the estimate is None before there is any history.
 *
 */
export interface QueuePayload {
  build_id: string;
  position: number;
  estimate_s: number | null;
  workers: number;
}
/**
 * A bot. Its Wi-Fi settings are never part of it, only whether and since which revision they are set.
 *
 */
export interface DevicePayload {
  id: string;
  is_virtual: boolean;
  admission: Admission;
  credential: KeyState;
  credential_since: string | null;
  board: string;
  chip: string;
  version: string;
  image_digest: string;
  slot: string;
  boot: Boot | null;
  reset_reason: string;
  uptime_s: number;
  free_heap_bytes: number;
  rssi_dbm: number | null;
  last_seen_at: string | null;
  poll_after_s: number;
  update_status: UpdateStatus;
  network_is_set: boolean;
  network_revision: number;
  network_revision_used: number;
  network_failed_revision: number;
  network_error: NetworkError | null;
  wants_log: boolean | null;
  sends_log: boolean | null;
  link_name: string;
  link_is_open: boolean;
  sent_release_id: string | null;
  revision: number;
}
/**
 * Lines of a bot, newest last.
 *
 * `start` counts the lines that came before these; `dropped` those that the bot lost.
 *
 */
export interface DeviceLogPayload {
  device_id: string;
  start: number;
  lines: LogLinePayload[];
  dropped: number;
}
/**
 * A line of serial output, and when it arrived.
 *
 */
export interface LogLinePayload {
  at: string;
  text: string;
}
/**
 * A device's attempt to move to a release.
 *
 */
export interface UpdatePayload {
  id: string;
  device_id: string;
  release: ReleasePayload;
  state: UpdateState;
  bytes_done: number;
  error: UpdateErrorPayload | null;
  trigger: Trigger | null;
  rollback_requested: boolean;
  created_at: string;
  offered_at: string | null;
  changed_at: string;
  deadline_at: string | null;
  ended_at: string | null;
  revision: number;
}
/**
 * A release.
 *
 */
export interface ReleasePayload {
  id: string;
  build_id: string | null;
  name: string;
  version: string;
  fqbn: string;
  size_bytes: number;
  sha256: string;
  image_digest: string;
  created_at: string;
}
/**
 * Why an update failed: a permanent code, and what the bot said where the code tells too little.
 *
 */
export interface UpdateErrorPayload {
  code: UpdateError | InferredError;
  detail: string;
}
/**
 * A sketch without its sources; `revision` is the number of its newest revision.
 *
 */
export interface SketchPayload {
  id: string;
  name: string;
  fqbn: string;
  revision: number;
  created_at: string;
  updated_at: string;
}
/**
 * Boards and cores of this server.
 *
 */
export interface CatalogPayload {
  boards: BoardPayload[];
  cores: CorePayload[];
  tool_version: string;
}
/**
 * A board; `reason` says why it is unavailable.
 *
 */
export interface BoardPayload {
  fqbn: string;
  name: string;
  core: string;
  chip: string;
  slot_bytes: number;
  available: boolean;
  reason: string;
}
/**
 * The core of one chip family, and the state of its installation.
 *
 */
export interface CorePayload {
  core: string;
  state: CoreState;
  version: string;
  message: string;
}
/**
 * Who is logged in.
 *
 */
export interface AccountPayload {
  id: string;
  login_name: string;
  role: Role;
  must_change_password: boolean;
}
/**
 * A build and, while it waits, its place in the queue.
 *
 */
export interface BuildAnswer {
  build: BuildPayload;
  queue: QueuePayload | null;
}
/**
 * Which board to build for.
 *
 */
export interface BuildRequest {
  fqbn: string;
}
/**
 * Another bot: its product id and its password.
 *
 */
export interface ClaimRequest {
  product_id: string;
  password: string;
}
/**
 * An example; `boards` are the cores (`vendor:architecture`) for whose boards it is meant.
 *
 */
export interface Example {
  name: string;
  title: string;
  summary: string;
  boards: string[];
}
/**
 * Where the bot finds this server, and what is connected to it; see `Wiring`.
 *
 */
export interface FactoryRequest {
  server: string;
  trigger_pin?: number | null;
  trigger_active_high?: boolean;
  led_pin?: number | null;
  led_active_low?: boolean;
  serial_verbose?: boolean;
  logs?: boolean;
}
/**
 * A file that a save added, changed or removed.
 *
 */
export interface FileChangePayload {
  file: string;
  change: string;
}
/**
 * What a bot runs, and how far that is from the newest revision of the same sketch.
 *
 * `newest_revision` is null if the sketch is gone or the image is of none; `changed_lines` also if the
 * sources of one of the two revisions are gone.
 *
 */
export interface FirmwarePayload {
  device_id: string;
  image_digest: string;
  running: RunningPayload;
  newest_revision: number | null;
  changed_lines: number | null;
}
/**
 * What a bot runs.
 *
 * `kind` is `revision` (of a sketch), `release` (no build made it), `foreign`, or `unknown`: it never
 * called. `version` is `r<revision>`, that of the release, or what a foreign image says of itself.
 *
 */
export interface RunningPayload {
  kind: FirmwareKind;
  name: string;
  version: string;
  sketch_id: string | null;
  revision: number | null;
  build_id: string | null;
}
/**
 * An error as problem details (RFC 9457); some codes carry further members, such as `field`.
 *
 *
 */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
}
/**
 * A virtual bot with its key, 64 hex digits, which is returned only once.
 *
 */
export interface HandoverAnswer {
  device: DevicePayload;
  device_key: string;
}
/**
 * A finished build for the virtual bot; its bytes are the build's artifact `firmware.bin`.
 *
 */
export interface ImageAnswer {
  build_id: string;
  sketch_id: string;
  sketch_name: string;
  image_bytes: number;
  finished_at: string;
}
/**
 * `notices` are sentences about files that were skipped or renamed.
 *
 */
export interface ImportedSketch {
  id: string;
  name: string;
  fqbn: string;
  revision: number;
  created_at: string;
  updated_at: string;
  notices: string[];
}
/**
 * Whether anybody may download the bot's image.
 *
 */
export interface LinkRequest {
  open: boolean;
}
/**
 * A revision and its changes to the one before; `changes` is null if that one was deleted.
 *
 */
export interface ListedRevisionPayload {
  sketch_id: string;
  number: number;
  sketch_name: string;
  digest: string;
  size_bytes: number;
  created_at: string;
  renamed_from: string;
  changes: FileChangePayload[] | null;
}
/**
 * A piece of a log; continue from `next`.
 *
 */
export interface LogAnswer {
  build_id: string;
  start: number;
  text: string;
  next: number;
}
/**
 * Whether a bot should send its serial output.
 *
 */
export interface LogRequest {
  send: boolean;
}
/**
 * The Wi-Fi network a bot should use; write-only. An empty password means an open network.
 *
 */
export interface NetworkRequest {
  ssid: string;
  password?: string;
}
/**
 * A sketch to create: empty, or from an example, whose name gets `-2` when it is taken.
 *
 */
export interface NewSketch {
  name: string;
  fqbn?: string;
  example?: string | null;
}
/**
 * What an owner chooses from; `server` is its configured address, or that of the request.
 *
 */
export interface OptionsAnswer {
  server: string;
  has_authority: boolean;
  builds: BuildPayload[];
}
/**
 * Other servers that a bot's sketches may contact from its page: origins, no paths.
 *
 */
export interface OriginsRequest {
  /**
   * @maxItems 8
   */
  origins: string[];
}
/**
 * A file and where it goes; `is_secret` is true for the bot's memory.
 *
 */
export interface PartAnswer {
  name: string;
  offset: number;
  size_bytes: number;
  is_secret: boolean;
}
/**
 * What is written, and the commands that write it without the page.
 *
 */
export interface PlanAnswer {
  chip: string;
  parts: PartAnswer[];
  factory_name: string;
  factory_bytes: number;
  command: string;
  parts_command: string;
}
/**
 * `reused`: an earlier build of the same sources fulfils the request.
 *
 */
export interface RequestedAnswer {
  build: BuildPayload;
  queue: QueuePayload | null;
  reused: boolean;
}
/**
 * One page of revisions; `next` is the `before` of the next page, null at the end.
 *
 */
export interface RevisionList {
  revisions: ListedRevisionPayload[];
  next: number | null;
}
/**
 * A revision with its sources by path.
 *
 */
export interface RevisionWithFiles {
  sketch_id: string;
  number: number;
  sketch_name: string;
  digest: string;
  size_bytes: number;
  created_at: string;
  files: {
    [k: string]: string;
  };
}
/**
 * Rules of a virtual bot: whether a browser holds its key, and which servers it may contact there.
 *
 */
export interface RulesAnswer {
  is_taken: boolean;
  allowed_origins: string[];
}
/**
 * Sources to save, and the revision they were made from.
 *
 */
export interface SavedFiles {
  base_revision: number;
  files: {
    [k: string]: string;
  };
}
/**
 * Which build to send.
 *
 */
export interface SendRequest {
  build_id: string;
}
/**
 * `already_running`: the bot already runs this image; its next check-in confirms the update.
 *
 */
export interface SentAnswer {
  id: string;
  device_id: string;
  release: ReleasePayload;
  state: UpdateState;
  bytes_done: number;
  error: UpdateErrorPayload | null;
  trigger: Trigger | null;
  rollback_requested: boolean;
  created_at: string;
  offered_at: string | null;
  changed_at: string;
  deadline_at: string | null;
  ended_at: string | null;
  revision: number;
  already_running: boolean;
}
/**
 * What to change of a sketch.
 *
 */
export interface SketchChange {
  name?: string | null;
  fqbn?: string | null;
}
/**
 * A sketch as a file; without a name it gets that of the file.
 *
 */
export interface SketchUpload {
  file?: string | null;
  name?: string;
}
/**
 * A sketch with its newest sources by path.
 *
 */
export interface SketchWithFiles {
  id: string;
  name: string;
  fqbn: string;
  revision: number;
  created_at: string;
  updated_at: string;
  files: {
    [k: string]: string;
  };
}
