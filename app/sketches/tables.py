"""Sketches and their revisions. The sources themselves lie in the sketch store, by digest."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.actor import AccountId
from app.kernel.tables import Base
from app.sketches.rules import SketchId
from app.toolchain.rules import Fqbn


class Sketch(Base):
    """A named sketch of one account; `revision` is the number of its newest revision."""

    __tablename__ = "sketch"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[SketchId] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[AccountId] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(48))
    fqbn: Mapped[Fqbn] = mapped_column(String(256))
    revision: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SketchRevision(Base):
    """One saved state of a sketch."""

    __tablename__ = "sketch_revision"

    sketch_id: Mapped[SketchId] = mapped_column(ForeignKey("sketch.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    # The sketch's name at that time belongs to the digest.
    sketch_name: Mapped[str] = mapped_column(String(48))
    digest: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    created_at: Mapped[datetime]
