"""Builds as pages see them."""

from typing import cast

from typing_extensions import TypedDict

from app.builds.rules import BuildState, FailureReason, Severity, Stage
from app.builds.tables import Build
from app.kernel.payload_types import FqbnText, IsoTime, RowId, Sha256Hex
from app.kernel.times import iso, maybe_iso


class DiagnosticPayload(TypedDict):
    """A message of the compiler or the linker; line and column count from 1, 0 is unknown."""

    severity: Severity
    file: str
    line: int
    column: int
    message: str


class SectionSizePayload(TypedDict):
    """How full one memory is: `text` is the slot, `data` the RAM for globals."""

    name: str
    size_bytes: int
    max_bytes: int


class LibraryPayload(TypedDict):
    """A library that went into the firmware."""

    name: str
    version: str


class ArtifactPayload(TypedDict):
    """A file of a build, with its SHA-256 in lower-case hex."""

    name: str
    size_bytes: int
    sha256: Sha256Hex


class BuildPayload(TypedDict):
    """A build; `revision` grows with every change of it."""

    id: RowId
    sketch_id: RowId | None
    sketch_name: str
    sketch_revision: int
    fqbn: FqbnText
    chip: str
    state: BuildState
    stage: Stage | None
    reason: FailureReason | None
    message: str
    diagnostics: list[DiagnosticPayload]
    sizes: list[SectionSizePayload]
    libraries: list[LibraryPayload]
    artifacts: list[ArtifactPayload]
    image_digest: Sha256Hex
    image_bytes: int
    version: str
    core_version: str
    tool_version: str
    compile_s: float
    created_at: IsoTime
    started_at: IsoTime | None
    finished_at: IsoTime | None
    revision: int


class QueuePayload(TypedDict):
    """Where a queued build stands: 1 = next; the estimate is None before there is any history."""

    build_id: RowId
    position: int
    estimate_s: float | None
    workers: int


class LogPayload(TypedDict):
    """A piece of a build's log: its byte offset and its text."""

    build_id: RowId
    start: int
    text: str


def of_build(row: Build) -> BuildPayload:
    """A build."""
    return {
        "id": row.id,
        "sketch_id": row.sketch_id,
        "sketch_name": row.sketch_name,
        "sketch_revision": row.sketch_revision,
        "fqbn": row.fqbn,
        "chip": row.chip,
        "state": row.state,
        "stage": row.stage,
        "reason": row.reason,
        "message": row.message,
        "diagnostics": cast(list[DiagnosticPayload], row.diagnostics),
        "sizes": cast(list[SectionSizePayload], row.sizes),
        "libraries": cast(list[LibraryPayload], row.libraries),
        "artifacts": cast(list[ArtifactPayload], row.artifacts),
        "image_digest": row.image_digest,
        "image_bytes": row.image_bytes,
        "version": row.version,
        "core_version": row.core_version,
        "tool_version": row.tool_version,
        "compile_s": row.compile_s,
        "created_at": iso(row.created_at),
        "started_at": maybe_iso(row.started_at),
        "finished_at": maybe_iso(row.finished_at),
        "revision": row.revision,
    }
