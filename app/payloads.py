"""Rows as dictionaries: the one shape shared by REST answers, pages and socket events.

Times are ISO 8601 in UTC. Nothing here holds a secret or a server path.
"""

from datetime import datetime
from typing import Any, TypedDict

from app.domain import devices, updates
from app.domain.boards import Catalog
from app.domain.devices import Connectivity, UpdateStatus
from app.domain.releases import link_name
from app.models import Account, Build, Device, Release, Sketch, SketchRevision, Update


class AccountPayload(TypedDict):
    """Who is logged in."""

    id: str
    login_name: str
    role: str
    must_change_password: bool


class SketchPayload(TypedDict):
    """A sketch without its sources; `revision` is the number of its newest revision."""

    id: str
    name: str
    fqbn: str
    revision: int
    created_at: str
    updated_at: str


class RevisionPayload(TypedDict):
    """One saved state of a sketch."""

    sketch_id: str
    number: int
    digest: str
    size_bytes: int
    created_at: str


class BuildPayload(TypedDict):
    """A build. `reused` is true in the answer to a request that an earlier build fulfils."""

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


class DevicePayload(TypedDict):
    """A bot. Its Wi-Fi settings are never part of it, only whether and since which revision they are set."""

    id: str
    admission: str
    board: str
    chip: str
    version: str
    image_digest: str
    slot: str
    boot: str | None
    reset_reason: str
    uptime_s: int
    free_heap_bytes: int
    rssi_dbm: int | None
    last_seen_at: str | None
    poll_after_s: int
    connectivity: str
    update_status: str
    network_is_set: bool
    network_revision: int
    network_revision_used: int
    link_name: str
    link_is_open: bool
    sent_release_id: str | None
    revision: int


class ReleasePayload(TypedDict):
    """A release."""

    id: str
    build_id: str
    name: str
    version: str
    fqbn: str
    size_bytes: int
    sha256: str
    image_digest: str
    created_at: str


class UpdatePayload(TypedDict):
    """A device's attempt to move to a release."""

    id: str
    device_id: str
    release: ReleasePayload
    state: str
    bytes_done: int
    error: str
    trigger: str | None
    created_at: str
    offered_at: str | None
    changed_at: str
    deadline_at: str | None
    ended_at: str | None
    revision: int


class CatalogPayload(TypedDict):
    """Boards and cores of this server."""

    boards: list[dict[str, Any]]
    cores: list[dict[str, Any]]
    tool_version: str


def _time(value: datetime) -> str:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _maybe(value: datetime | None) -> str | None:
    return _time(value) if value else None


def of_account(row: Account) -> AccountPayload:
    """An account."""
    return {
        "id": row.id,
        "login_name": row.login_name,
        "role": row.role,
        "must_change_password": row.must_change_password,
    }


def of_sketch(row: Sketch) -> SketchPayload:
    """A sketch."""
    return {
        "id": row.id,
        "name": row.name,
        "fqbn": row.fqbn,
        "revision": row.revision,
        "created_at": _time(row.created_at),
        "updated_at": _time(row.updated_at),
    }


def of_revision(row: SketchRevision) -> RevisionPayload:
    """A revision."""
    return {
        "sketch_id": row.sketch_id,
        "number": row.number,
        "digest": row.digest,
        "size_bytes": row.size_bytes,
        "created_at": _time(row.created_at),
    }


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
        "created_at": _time(row.created_at),
        "started_at": _maybe(row.started_at),
        "finished_at": _maybe(row.finished_at),
        "revision": row.revision,
    }


def of_device(row: Device, *, latest: updates.UpdateState | None, now: datetime) -> DevicePayload:
    """A device, with its two derived facts.

    Args:
        latest: state of its latest update that was not called off; None if there is none.
        now: UTC time that connectivity is judged at.
    """
    connectivity: Connectivity = devices.connectivity(row.last_seen_at, row.poll_after_s, now)
    status: UpdateStatus = updates.status_of(latest)
    return {
        "id": row.id,
        "admission": row.admission,
        "board": row.board,
        "chip": row.chip,
        "version": row.version,
        "image_digest": row.image_digest,
        "slot": row.slot,
        "boot": row.boot,
        "reset_reason": row.reset_reason,
        "uptime_s": row.uptime_s,
        "free_heap_bytes": row.free_heap_bytes,
        "rssi_dbm": row.rssi_dbm,
        "last_seen_at": _maybe(row.last_seen_at),
        "poll_after_s": row.poll_after_s,
        "connectivity": connectivity,
        "update_status": status,
        "network_is_set": row.wifi_sealed is not None,
        "network_revision": row.network_revision,
        "network_revision_used": row.network_revision_used,
        "link_name": link_name(row.id),
        "link_is_open": row.link_is_open,
        "sent_release_id": row.sent_release_id,
        "revision": row.revision,
    }


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
        "created_at": _time(row.created_at),
    }


def of_update(row: Update, release: Release) -> UpdatePayload:
    """An update with its release."""
    return {
        "id": row.id,
        "device_id": row.device_id,
        "release": of_release(release),
        "state": row.state,
        "bytes_done": row.bytes_done,
        "error": row.error,
        "trigger": row.trigger,
        "created_at": _time(row.created_at),
        "offered_at": _maybe(row.offered_at),
        "changed_at": _time(row.changed_at),
        "deadline_at": _maybe(row.deadline_at),
        "ended_at": _maybe(row.ended_at),
        "revision": row.revision,
    }


def of_catalog(catalog: Catalog) -> CatalogPayload:
    """Boards and cores; keys that only builds need stay behind."""
    return {
        "boards": [
            {
                "fqbn": board.fqbn,
                "name": board.name,
                "core": board.core,
                "chip": board.chip,
                "slot_bytes": board.slot_bytes,
                "available": board.available,
                "reason": board.reason,
            }
            for board in catalog.boards
        ],
        "cores": [
            {"core": core.core, "state": core.state, "version": core.version, "message": core.message}
            for core in catalog.cores
        ],
        "tool_version": catalog.tool_version,
    }
