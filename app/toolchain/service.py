"""Boards and cores: what each compile worker found, and their union for builds and pages."""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.events.names import TOOLCHAIN_ROOM, EventName
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.errors import Invalid
from app.kernel.transaction import writing
from app.toolchain.payload import of_catalog
from app.toolchain.rules import Board, Catalog, CoreStatus, Fqbn, WorkerName
from app.toolchain.tables import BoardRow, CoreRow, WorkerRow
from app.toolchain.union import best_board, union_of

_GONE_AFTER = timedelta(minutes=10)
"""A worker this far behind the one that was seen last offers nothing any more."""
_FORGOTTEN_AFTER = timedelta(days=1)


def read_catalog(session: Session) -> Catalog:
    """What all workers together can build for; empty before the first start of one."""
    return union_of([_catalog(session, worker) for worker in _live_workers(session)])


def find(session: Session, *, fqbn: Fqbn) -> Board | None:
    """One board of `read_catalog`, or None if no worker knows it."""
    query = (
        select(BoardRow, CoreRow.version)
        .outerjoin(CoreRow, (CoreRow.worker == BoardRow.worker) & (CoreRow.core == BoardRow.core))
        .where(BoardRow.fqbn == fqbn, BoardRow.worker.in_([worker.name for worker in _live_workers(session)]))
        .order_by(BoardRow.worker)
    )
    return best_board([(_board(row), version or "") for row, version in session.execute(query)])


def buildable(session: Session, *, fqbn: Fqbn) -> Board:
    """An available board.

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
            "board_unavailable",
            f"{board.name} is not available at the moment: {board.reason}",
            {"fqbn": fqbn},
        )
    return board


class Toolchain:
    """The boards and cores that workers offer and pages show."""

    def __init__(self, *, sessions: Callable[[], Session], events: EventPublisher, clock: Clock) -> None:
        self._sessions = sessions
        self._events = events
        self._clock = clock

    def publish(self, worker: WorkerName, catalog: Catalog) -> None:
        """Replace the stored boards, cores and tool version of one worker."""
        session = self._sessions()
        try:
            self._replace(session, worker, catalog)
        except IntegrityError:
            # Another process of the same worker published for the first time at the same moment.
            self._replace(session, worker, catalog)
        self._announce()

    def set_core(self, worker: WorkerName, core: CoreStatus) -> None:
        """Store the progress of a core's installation, also before the worker publishes its catalog."""
        try:
            self._store_core(worker, core)
        except IntegrityError:
            # The worker published for the first time at the same moment.
            self._store_core(worker, core)
        self._announce()

    def beat(self, worker: WorkerName) -> bool:
        """Record a worker's heartbeat, so that its catalog stays valid; False if that was deleted."""
        session = self._sessions()
        seen = update(WorkerRow).where(WorkerRow.name == worker).values(seen_at=self._clock.now())
        with writing(session):
            return session.execute(seen.returning(WorkerRow.name)).first() is not None

    def catalog(self) -> Catalog:
        """What all workers together can build for; empty before the first start of one."""
        return read_catalog(self._sessions())

    def catalog_of(self, worker: WorkerName) -> Catalog:
        """What one worker published; empty if nothing."""
        session = self._sessions()
        row = session.get(WorkerRow, worker)
        return _catalog(session, row) if row else union_of(())

    def _replace(self, session: Session, worker: WorkerName, catalog: Catalog) -> None:
        now = self._clock.now()
        with writing(session):
            session.execute(delete(WorkerRow).where(WorkerRow.seen_at < now - _FORGOTTEN_AFTER))
            session.get(WorkerRow, worker, populate_existing=True, with_for_update=True)
            session.merge(WorkerRow(name=worker, tool_version=catalog.tool_version, seen_at=now))
            for table in (BoardRow, CoreRow):
                session.execute(delete(table).where(table.worker == worker))
            session.flush()
            session.add_all(_core_row(worker, core) for core in catalog.cores)
            session.add_all(
                BoardRow(worker=worker, position=position, **asdict(board))
                for position, board in enumerate(catalog.boards)
            )

    def _store_core(self, worker: WorkerName, core: CoreStatus) -> None:
        session = self._sessions()
        with writing(session):
            if session.get(WorkerRow, worker, populate_existing=True, with_for_update=True) is None:
                session.add(WorkerRow(name=worker, tool_version="", seen_at=self._clock.now()))
                session.flush()
            session.merge(_core_row(worker, core))

    def _announce(self) -> None:
        self._events.publish(EventName.BOARDS_CHANGED, [TOOLCHAIN_ROOM], dict(of_catalog(self.catalog())))


def _live_workers(session: Session) -> list[WorkerRow]:
    workers = session.scalars(select(WorkerRow).order_by(WorkerRow.name)).all()
    # Measured by the last sign of life of any worker, so that a server that was off knows its boards at once.
    last = max((worker.seen_at for worker in workers), default=None)
    return [worker for worker in workers if last is not None and worker.seen_at >= last - _GONE_AFTER]


def _catalog(session: Session, worker: WorkerRow) -> Catalog:
    boards = select(BoardRow).where(BoardRow.worker == worker.name).order_by(BoardRow.position)
    cores = select(CoreRow).where(CoreRow.worker == worker.name).order_by(CoreRow.core)
    return Catalog(
        boards=tuple(map(_board, session.scalars(boards))),
        cores=tuple(map(_core, session.scalars(cores))),
        tool_version=worker.tool_version,
    )


def _board(row: BoardRow) -> Board:
    return Board(**{field.name: getattr(row, field.name) for field in fields(Board)})


def _core(row: CoreRow) -> CoreStatus:
    return CoreStatus(**{field.name: getattr(row, field.name) for field in fields(CoreStatus)})


def _core_row(worker: WorkerName, core: CoreStatus) -> CoreRow:
    return CoreRow(worker=worker, **asdict(core))
