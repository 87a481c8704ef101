"""Releases."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


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
