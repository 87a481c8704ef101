"""Builds."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.builds.rules import BuildId, BuildState, FailureReason, Stage
from app.kernel.actor import AccountId
from app.kernel.tables import Base
from app.sketches.rules import SketchId
from app.toolchain.rules import Fqbn


class Build(Base):
    """One attempt to turn the sources of a sketch into firmware for one board; see `app.builds.rules`."""

    __tablename__ = "build"
    __table_args__ = (Index("ix_build_state_created_at", "state", "created_at"),)

    id: Mapped[BuildId] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[AccountId] = mapped_column(ForeignKey("account.id"), index=True)
    # A sketch may be deleted; what was built from it stays as long as a bot may need it.
    sketch_id: Mapped[SketchId | None] = mapped_column(
        ForeignKey("sketch.id", ondelete="SET NULL"), index=True
    )
    sketch_name: Mapped[str] = mapped_column(String(48))
    sketch_revision: Mapped[int]
    fqbn: Mapped[Fqbn] = mapped_column(String(256))
    chip: Mapped[str] = mapped_column(String(16))
    slot_bytes: Mapped[int]
    sources_digest: Mapped[str] = mapped_column(String(64))
    cache_key: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[BuildState] = mapped_column(default=BuildState.QUEUED)
    stage: Mapped[Stage | None]
    reason: Mapped[FailureReason | None]
    message: Mapped[str] = mapped_column(Text, default="")
    diagnostics: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    sizes: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    libraries: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    artifacts: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    image_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    image_bytes: Mapped[int] = mapped_column(default=0)
    version: Mapped[str] = mapped_column(String(32), default="")
    core_version: Mapped[str] = mapped_column(String(32), default="")
    tool_version: Mapped[str] = mapped_column(String(32), default="")
    compile_s: Mapped[float] = mapped_column(default=0.0)
    built_clean: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
