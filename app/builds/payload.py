"""Builds as pages see them."""

from typing import Any

from typing_extensions import TypedDict

from app.builds.tables import Build
from app.kernel.times import iso, maybe_iso


class BuildPayload(TypedDict):
    """A build; `revision` grows with every change of it."""

    id: str
    sketch_id: str | None
    sketch_name: str
    sketch_revision: int
    fqbn: str
    chip: str
    state: str
    stage: str | None
    reason: str | None
    message: str
    diagnostics: list[dict[str, Any]]
    sizes: list[dict[str, Any]]
    libraries: list[dict[str, Any]]
    artifacts: list[dict[str, Any]]
    image_digest: str
    image_bytes: int
    version: str
    core_version: str
    tool_version: str
    compile_s: float
    created_at: str
    started_at: str | None
    finished_at: str | None
    revision: int


class QueuePayload(TypedDict):
    """Where a queued build stands: 1 = next; the estimate is None before there is any history."""

    build_id: str
    position: int
    estimate_s: float | None
    workers: int


class LogPayload(TypedDict):
    """A piece of a build's log: its byte offset and its text."""

    build_id: str
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
        "diagnostics": row.diagnostics,
        "sizes": row.sizes,
        "libraries": row.libraries,
        "artifacts": row.artifacts,
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
