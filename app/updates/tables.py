"""Updates."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.builds.rules import BuildId
from app.devices.rules import DeviceId, Trigger
from app.kernel.actor import AccountId
from app.kernel.tables import Base
from app.toolchain.rules import Fqbn
from app.updates.rules import MAX_DETAIL_CHARS, OPEN_STATES, ReleaseId, UpdateId, UpdateState

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

    id: Mapped[UpdateId] = mapped_column(String(32), primary_key=True)
    device_id: Mapped[DeviceId] = mapped_column(ForeignKey("device.id"))
    release_id: Mapped[ReleaseId] = mapped_column(ForeignKey("release.id"))
    state: Mapped[UpdateState]
    bytes_done: Mapped[int] = mapped_column(default=0)
    # How often all bytes were sent by the static link; its bots do not report how the installation went.
    whole_downloads: Mapped[int] = mapped_column(default=0)
    # One of `app.updates.rules.ErrorCode`; unset unless the update failed.
    error_code: Mapped[str | None] = mapped_column(String(32))
    # The bot's own detail where the code is `other`.
    error_detail: Mapped[str] = mapped_column(String(MAX_DETAIL_CHARS), default="")
    trigger: Mapped[Trigger | None]
    # Somebody at the bot asked for the previous firmware; otherwise its owner sent it.
    rollback_requested: Mapped[bool] = mapped_column(default=False)
    # What the device ran when the update was made.
    previous_digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Release(Base):
    """An image with a version, offered to devices; from a build or from outside. A row never changes."""

    __tablename__ = "release"

    id: Mapped[ReleaseId] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[AccountId] = mapped_column(ForeignKey("account.id"), index=True)
    build_id: Mapped[BuildId | None] = mapped_column(ForeignKey("build.id"), index=True)
    # The folder of the image in the artifact store; that of the build if one made it.
    artifact_id: Mapped[BuildId] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32))
    fqbn: Mapped[Fqbn] = mapped_column(String(256))
    chip: Mapped[str] = mapped_column(String(16))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    md5: Mapped[str] = mapped_column(String(32))
    image_digest: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
