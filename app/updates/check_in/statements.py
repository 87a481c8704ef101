"""What check-ins read and write.

Every bot calls every minute, so the statements are Core, made once, and one query both authenticates the
caller and finds the answer. Their cost does not depend on how many devices or updates there are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, literal_column, select, update

from app.devices import credentials
from app.devices.tables import Device
from app.toolchain.rules import without_options
from app.toolchain.tables import BoardRow
from app.updates.rules import OPEN_STATES
from app.updates.tables import Release, Update

REPORTED = (
    "board",
    "image_digest",
    "version",
    "slot",
    "boot",
    "reset_reason",
    "uptime_s",
    "free_heap_bytes",
    "rssi_dbm",
)
"""Columns that hold what a check-in reports in a field of the same name."""
# Columns of other names, or that follow from what was stored before.
_DERIVED = ("network_revision_used", "network_failed_revision", "network_error", "sends_log")
RARELY_CHANGED = ("board", "image_digest", "version", "slot", "boot", "reset_reason", *_DERIVED)
"""Columns that rarely change, of those that a page shows; the others change at every call."""

# Written out, not bound: only so can the database see that the index of open updates serves.
_OPEN: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in sorted(OPEN_STATES)]
# Never part of a payload, so nobody needs them back; of Wi-Fi settings it tells whether there are any.
_NOT_IN_PAYLOAD = ("password_hash", "initial_password", "key_sealed", "created_at", "counter")
_LOAD = (
    select(
        Device.id.label("device_id"),
        *credentials.COLUMNS,
        *(getattr(Device, name) for name in RARELY_CHANGED),
        Device.chip,
        Device.last_seen_at,
        Device.poll_after_s,
        Device.network_revision,
        Device.wifi_sealed,
        Device.wants_log,
        Update.id.label("update_id"),
        Update.state.label("update_state"),
        Release.name.label("release_name"),
        Release.version.label("release_version"),
        Release.fqbn.label("release_fqbn"),
        Release.chip.label("release_chip"),
        Release.size_bytes,
        Release.sha256,
        Release.image_digest.label("target_digest"),
    )
    .select_from(Device)
    .outerjoin(Update, and_(Update.device_id == Device.id, Update.state.in_(_OPEN)))
    .outerjoin(Release, Release.id == Update.release_id)
    .where(Device.id == bindparam("device_id"))
)
_LOAD_AND_LOCK = _LOAD.with_for_update(of=Device)
_STORE = (
    update(Device)
    .where(Device.id == bindparam("device_id"), Device.counter < bindparam("used_counter"))
    .values(
        counter=bindparam("used_counter"),
        last_seen_at=bindparam("now"),
        chip=bindparam("new_chip"),
        revision=Device.revision + bindparam("is_published"),
        **{name: bindparam(f"new_{name}") for name in (*REPORTED, *_DERIVED)},
    )
    .returning(*(column for column in Device.__table__.columns if column.name not in _NOT_IN_PAYLOAD))
)
_CHIP = select(BoardRow.chip).where(BoardRow.fqbn == bindparam("fqbn"))

CheckInRow = Row[*tuple[Any, ...]]
"""A row of `load`; its columns are more than a type can name."""


def load(connection: Connection, *, device_id: str, lock: bool = False) -> CheckInRow | None:
    """A device, its credentials and its open update; None if there is no such device.

    Args:
        lock: hold the device to the end of the transaction.
    """
    return connection.execute(_LOAD_AND_LOCK if lock else _LOAD, {"device_id": device_id}).first()


def chip_of(connection: Connection, board: str) -> str:
    """The chip of a board as this server's toolchain knows it; empty if it does not."""
    return connection.execute(_CHIP, {"fqbn": without_options(board)}).scalar() or ""


def store(
    connection: Connection,
    *,
    device_id: str,
    counter: str,
    now: datetime,
    chip: str,
    facts: Mapping[str, object],
    is_published: bool,
) -> Row[Any]:
    """Store a check-in and use its counter up, by one guarded statement.

    Args:
        facts: a value for each column of `REPORTED` and each that follows from what was stored.
        is_published: it sends an event to pages, so the revision goes up.
    Returns:
        All columns of the device that its payload needs, as they are now.
    Raises:
        Conflict: the counter was used before; nothing is stored.
    """
    values = {
        "device_id": device_id,
        "used_counter": counter,
        "now": now,
        "new_chip": chip,
        "is_published": int(is_published),
        **{f"new_{name}": value for name, value in facts.items()},
    }
    stored = connection.execute(_STORE, values).first()
    if stored is None:
        raise credentials.replayed()
    return stored
