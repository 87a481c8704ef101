"""Updates."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.devices.rules import Trigger, Wish
from app.kernel.tables import Base
from app.updates.rules import OPEN_STATES, UpdateState

_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN_STATES))
_IS_OPEN = text(f"state IN ({_OPEN})")


class Update(Base):
    """One device's attempt to move to one release; at most one is open for a device."""

    __tablename__ = "update"
    __table_args__ = (
        Index(
            "uq_update_open_device_id",
            "device_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_update_device_id_created_at", "device_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    state: Mapped[UpdateState]
    bytes_done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    trigger: Mapped[Trigger | None]
    # A person at the bot made it; unset if its owner sent it.
    wish: Mapped[Wish | None]
    # What the device ran when the update was made.
    former_digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Release(Base):
    """A build offered to devices. A row never changes."""

    __tablename__ = "release"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    build_id: Mapped[str] = mapped_column(ForeignKey("build.id"), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32))
    fqbn: Mapped[str] = mapped_column(String(256))
    chip: Mapped[str] = mapped_column(String(16))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    md5: Mapped[str] = mapped_column(String(32))
    image_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
