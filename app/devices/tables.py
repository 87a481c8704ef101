"""Devices."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.devices.rules import (
    DEFAULT_POLL_S,
    FIRST_COUNTER,
    Admission,
    Boot,
    DeviceId,
    NetworkError,
    UpdateStatus,
)
from app.kernel.actor import AccountId
from app.kernel.tables import Base


class Device(Base):
    """One enrolled bot and its last report; `id` is its product id."""

    __tablename__ = "device"

    id: Mapped[DeviceId] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[AccountId | None] = mapped_column(ForeignKey("account.id"), index=True)
    # Proves that somebody may have a bot without an owner; a bot with an owner has none.
    password_hash: Mapped[str | None] = mapped_column(String(255))
    # Set for enrolled bots: the owner must choose a new password after registering.
    initial_password: Mapped[bool] = mapped_column(default=False)
    key_sealed: Mapped[bytes]
    # Takes the place of the other at the first call that is signed with it.
    next_key_sealed: Mapped[bytes | None]
    # It was put into a file, or the bot is revoked: it is not handed over in the answer to a call.
    next_key_over_usb: Mapped[bool] = mapped_column(default=False)
    # Since when the present key took the place of another.
    key_since: Mapped[datetime | None]
    # The bot was shut out; only a flash over USB, with the next key, lets it in again.
    key_revoked: Mapped[bool] = mapped_column(default=False)
    admission: Mapped[Admission]
    created_at: Mapped[datetime]
    # Lives in its owner's browser; only of such a bot the key may be handed out.
    is_virtual: Mapped[bool] = mapped_column(default=False)

    wifi_sealed: Mapped[bytes | None]
    network_revision: Mapped[int] = mapped_column(default=0)
    poll_after_s: Mapped[int] = mapped_column(default=DEFAULT_POLL_S)
    sent_release_id: Mapped[str | None] = mapped_column(ForeignKey("release.id"))
    # `app.updates` changes it with the state of the update it follows from.
    update_status: Mapped[UpdateStatus] = mapped_column(default=UpdateStatus.UNKNOWN)
    link_is_open: Mapped[bool] = mapped_column(default=False)
    # Whether the bot should send its serial output; unset while its owner leaves that to the bot.
    wants_log: Mapped[bool | None]

    # What the bot reported in its last check-in.
    last_seen_at: Mapped[datetime | None]
    counter: Mapped[str] = mapped_column(String(16), default=FIRST_COUNTER)
    board: Mapped[str] = mapped_column(String(256), default="")
    chip: Mapped[str] = mapped_column(String(16), default="")
    image_digest: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[str] = mapped_column(String(32), default="")
    slot: Mapped[str] = mapped_column(String(16), default="")
    boot: Mapped[Boot | None]
    reset_reason: Mapped[str] = mapped_column(String(48), default="")
    uptime_s: Mapped[int] = mapped_column(default=0)
    free_heap_bytes: Mapped[int] = mapped_column(default=0)
    rssi_dbm: Mapped[int | None]
    network_revision_used: Mapped[int] = mapped_column(default=0)
    network_failed_revision: Mapped[int] = mapped_column(default=0)
    network_error: Mapped[NetworkError | None]
    sends_log: Mapped[bool | None]
    revision: Mapped[int] = mapped_column(default=1)


class DeviceLog(Base):
    """One bounded ring per device, newest line last; `dropped` counts lines that did not fit."""

    __tablename__ = "device_log"

    device_id: Mapped[DeviceId] = mapped_column(
        String(32), ForeignKey("device.id", ondelete="CASCADE"), primary_key=True
    )
    # Each line is {"at": ISO time of its arrival, "text": …}.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    dropped: Mapped[int] = mapped_column(default=0)
    # How many lines came in all, so that a page notices what it missed.
    total: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
