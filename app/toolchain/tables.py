"""What each compile worker can build for, as it last reported."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base
from app.toolchain.rules import CoreState, Fqbn, WorkerName


class WorkerRow(Base):
    """A compile worker, the version of its arduino-cli, and its last heartbeat."""

    __tablename__ = "compile_worker"

    name: Mapped[WorkerName] = mapped_column(String(128), primary_key=True)
    tool_version: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime]


class BoardRow(Base):
    """A board of a worker; see `app.toolchain.rules.Board`."""

    __tablename__ = "board"

    worker: Mapped[WorkerName] = mapped_column(
        ForeignKey("compile_worker.name", ondelete="CASCADE"), primary_key=True
    )
    fqbn: Mapped[Fqbn] = mapped_column(String(256), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    core: Mapped[str] = mapped_column(String(64))
    chip: Mapped[str] = mapped_column(String(16))
    slot_bytes: Mapped[int]
    available: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300))
    toolchain_key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]


class CoreRow(Base):
    """A core of a worker; see `app.toolchain.rules.CoreStatus`."""

    __tablename__ = "core"

    worker: Mapped[WorkerName] = mapped_column(
        ForeignKey("compile_worker.name", ondelete="CASCADE"), primary_key=True
    )
    core: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[CoreState]
    version: Mapped[str] = mapped_column(String(32))
    message: Mapped[str] = mapped_column(String(300))
