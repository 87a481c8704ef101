"""Releases and updates as pages see them."""

from typing_extensions import TypedDict

from app.devices.rules import Trigger
from app.kernel.payload_types import FqbnText, IsoTime, ProductId, RowId, Sha256Hex
from app.kernel.times import iso, maybe_iso
from app.updates.rules import FirmwareKind, InferredError, UpdateError, UpdateState, error_of_code
from app.updates.tables import Release, Update


class ReleasePayload(TypedDict):
    """A release."""

    id: RowId
    build_id: RowId | None
    name: str
    version: str
    fqbn: FqbnText
    size_bytes: int
    sha256: Sha256Hex
    image_digest: Sha256Hex
    created_at: IsoTime


class UpdateErrorPayload(TypedDict):
    """Why an update failed: a permanent code, and what the bot said where the code tells too little."""

    code: UpdateError | InferredError
    detail: str


class UpdatePayload(TypedDict):
    """A device's attempt to move to a release."""

    id: RowId
    device_id: ProductId
    release: ReleasePayload
    state: UpdateState
    bytes_done: int
    error: UpdateErrorPayload | None
    trigger: Trigger | None
    rollback_requested: bool
    created_at: IsoTime
    offered_at: IsoTime | None
    changed_at: IsoTime
    deadline_at: IsoTime | None
    ended_at: IsoTime | None
    revision: int


class RunningPayload(TypedDict):
    """What a bot runs.

    `kind` is `revision` (of a sketch), `release` (no build made it), `foreign`, or `unknown`: it never
    called. `version` is `r<revision>`, that of the release, or what a foreign image says of itself.
    """

    kind: FirmwareKind
    name: str
    version: str
    sketch_id: RowId | None
    revision: int | None
    build_id: RowId | None


class FirmwarePayload(TypedDict):
    """What a bot runs, and how far that is from the newest revision of the same sketch.

    `newest_revision` is null if the sketch is gone or the image is of none; `changed_lines` also if the
    sources of one of the two revisions are gone.
    """

    device_id: ProductId
    image_digest: str
    running: RunningPayload
    newest_revision: int | None
    changed_lines: int | None


def of_release(row: Release) -> ReleasePayload:
    """A release."""
    return {
        "id": row.id,
        "build_id": row.build_id,
        "name": row.name,
        "version": row.version,
        "fqbn": row.fqbn,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
        "image_digest": row.image_digest,
        "created_at": iso(row.created_at),
    }


def of_update(row: Update, release: Release) -> UpdatePayload:
    """An update with its release."""
    return {
        "id": row.id,
        "device_id": row.device_id,
        "release": of_release(release),
        "state": row.state,
        "bytes_done": row.bytes_done,
        "error": _error(row),
        "trigger": row.trigger,
        "rollback_requested": row.rollback_requested,
        "created_at": iso(row.created_at),
        "offered_at": maybe_iso(row.offered_at),
        "changed_at": iso(row.changed_at),
        "deadline_at": maybe_iso(row.deadline_at),
        "ended_at": maybe_iso(row.ended_at),
        "revision": row.revision,
    }


def _error(row: Update) -> UpdateErrorPayload | None:
    if row.error_code is None:
        return None
    return {"code": error_of_code(row.error_code), "detail": row.error_detail}
