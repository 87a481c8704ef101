"""Devices as pages see them: never their Wi-Fi settings, only whether they are set."""

from collections.abc import Sequence
from typing import cast

from typing_extensions import TypedDict

from app.devices import rules as devices
from app.devices.rules import Admission, Boot, KeyState, NetworkError, UpdateStatus, link_name
from app.devices.tables import Device, DeviceLog
from app.kernel.payload_types import IsoTime, ProductId, RowId, Sha256Hex
from app.kernel.times import maybe_iso


class DevicePayload(TypedDict):
    """A bot. Its Wi-Fi settings are never part of it, only whether and since which revision they are set."""

    id: ProductId
    is_virtual: bool
    admission: Admission
    credential: KeyState
    credential_since: IsoTime | None
    board: str
    chip: str
    version: str
    image_digest: Sha256Hex
    slot: str
    boot: Boot | None
    reset_reason: str
    uptime_s: int
    free_heap_bytes: int
    rssi_dbm: int | None
    last_seen_at: IsoTime | None
    poll_after_s: int
    update_status: UpdateStatus
    network_is_set: bool
    network_revision: int
    network_revision_used: int
    network_failed_revision: int
    network_error: NetworkError | None
    wants_log: bool | None
    sends_log: bool | None
    link_name: str
    link_is_open: bool
    sent_release_id: RowId | None
    revision: int


def of_device(row: Device) -> DevicePayload:
    """A device."""
    return {
        "id": row.id,
        "is_virtual": row.is_virtual,
        "admission": row.admission,
        "credential": _credential(row),
        "credential_since": maybe_iso(row.key_since),
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
        "last_seen_at": maybe_iso(row.last_seen_at),
        "poll_after_s": row.poll_after_s,
        "update_status": row.update_status,
        "network_is_set": row.wifi_sealed is not None,
        "network_revision": row.network_revision,
        "network_revision_used": row.network_revision_used,
        "network_failed_revision": row.network_failed_revision,
        "network_error": row.network_error,
        "wants_log": row.wants_log,
        "sends_log": row.sends_log,
        "link_name": link_name(row.id),
        "link_is_open": row.link_is_open,
        "sent_release_id": row.sent_release_id,
        "revision": row.revision,
    }


def _credential(row: Device) -> KeyState:
    return devices.key_state(
        is_revoked=row.key_revoked,
        has_next=row.next_key_sealed is not None,
        over_usb=row.next_key_over_usb,
    )


class LogLinePayload(TypedDict):
    """A line of serial output, and when it arrived."""

    at: str
    text: str


class DeviceLogPayload(TypedDict):
    """Lines of a bot, newest last.

    `start` counts the lines that came before these; `dropped` those that the bot lost.
    """

    device_id: ProductId
    start: int
    lines: list[LogLinePayload]
    dropped: int


def of_device_log(row: DeviceLog, lines: Sequence[dict[str, str]]) -> DeviceLogPayload:
    """The newest lines of a log.

    Args:
        lines: the last ones of all that came.
    """
    start = row.total - len(lines)
    return {
        "device_id": row.device_id,
        "start": start,
        "lines": cast(list[LogLinePayload], list(lines)),
        "dropped": row.dropped,
    }
