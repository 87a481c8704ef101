"""What the toolchain of this server can build for, as the worker last saw it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base
from app.toolchain.rules import CoreState


class BoardRow(Base):
    """A board; see `app.toolchain.rules.Board`."""

    __tablename__ = "board"

    fqbn: Mapped[str] = mapped_column(String(256), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    core: Mapped[str] = mapped_column(String(64))
    chip: Mapped[str] = mapped_column(String(16))
    slot_bytes: Mapped[int]
    available: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300))
    toolchain_key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]


class CoreRow(Base):
    """A core; see `app.toolchain.rules.CoreStatus`."""

    __tablename__ = "core"

    core: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[CoreState]
    version: Mapped[str] = mapped_column(String(32))
    message: Mapped[str] = mapped_column(String(300))


class ToolRow(Base):
    """The compiler driver: one row named `arduino-cli`."""

    __tablename__ = "tool"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(32))
