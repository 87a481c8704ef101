"""Boards and cores: what the worker found, kept for the pages."""

from collections.abc import Callable
from dataclasses import asdict, fields

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.events.names import TOOLCHAIN_ROOM, EventName
from app.events.publisher import EventPublisher
from app.kernel.errors import Invalid
from app.kernel.transaction import writing
from app.toolchain.payload import of_catalog
from app.toolchain.rules import Board, Catalog, CoreStatus, Fqbn
from app.toolchain.tables import BoardRow, CoreRow, ToolRow

_TOOL = "arduino-cli"


def find(session: Session, *, fqbn: Fqbn) -> Board | None:
    """One board, or None if the toolchain does not know it."""
    row = session.get(BoardRow, fqbn)
    return _board(row) if row else None


def buildable(session: Session, *, fqbn: Fqbn) -> Board:
    """A board that can be built for now.

    Raises:
        Invalid: unknown, or not available; the message says why.
    """
    board = find(session, fqbn=fqbn)
    if board is None:
        raise Invalid(
            "unknown_board", "This server does not know that board. Choose one from the list.", {"fqbn": fqbn}
        )
    if not board.available:
        raise Invalid(
            "board_unavailable", f"{board.name} cannot be built for now: {board.reason}", {"fqbn": fqbn}
        )
    return board


class Toolchain:
    """What can be built for, as the workers say and the pages show."""

    def __init__(self, *, sessions: Callable[[], Session], events: EventPublisher) -> None:
        self._sessions = sessions
        self._events = events

    def publish(self, catalog: Catalog) -> None:
        """Replace what is known about boards, cores and the tool."""
        session = self._sessions()
        with writing(session):
            for table in (BoardRow, CoreRow, ToolRow):
                session.execute(delete(table))
            session.add(ToolRow(name=_TOOL, version=catalog.tool_version))
            session.add_all(_core_row(core) for core in catalog.cores)
            session.add_all(
                BoardRow(**asdict(board), position=position) for position, board in enumerate(catalog.boards)
            )
        self._announce()

    def set_core(self, core: CoreStatus) -> None:
        """Say how the installation of a core goes on."""
        session = self._sessions()
        with writing(session):
            session.merge(_core_row(core))
        self._announce()

    def catalog(self) -> Catalog:
        """What the toolchain can build for, as the worker last saw it; empty before its first start."""
        session = self._sessions()
        rows = session.scalars(select(BoardRow).order_by(BoardRow.position))
        cores = session.scalars(select(CoreRow).order_by(CoreRow.core))
        tool = session.get(ToolRow, _TOOL)
        return Catalog(
            boards=tuple(map(_board, rows)),
            cores=tuple(
                CoreStatus(**{field.name: getattr(row, field.name) for field in fields(CoreStatus)})
                for row in cores
            ),
            tool_version=tool.version if tool else "",
        )

    def _announce(self) -> None:
        self._events.publish(EventName.BOARDS_CHANGED, [TOOLCHAIN_ROOM], dict(of_catalog(self.catalog())))


def _board(row: BoardRow) -> Board:
    return Board(**{field.name: getattr(row, field.name) for field in fields(Board)})


def _core_row(core: CoreStatus) -> CoreRow:
    return CoreRow(**asdict(core))
