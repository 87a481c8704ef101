"""The newest lines that a bot's sketch printed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class DeviceLog(Base):
    """One bounded ring a device, newest line last; `dropped` counts what did not fit."""

    __tablename__ = "device_log"

    device_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("device.id", ondelete="CASCADE"), primary_key=True
    )
    # Each line is {"at": ISO time of its arrival, "text": …}.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    dropped: Mapped[int] = mapped_column(default=0)
    # How many lines came in all, so that a page notices what it missed.
    total: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
