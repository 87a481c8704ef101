"""One leader among several schedulers, by a lease in the database.

The leader changes the row every few seconds. A follower that has seen it unchanged for the length of the
lease, by its own monotonic clock, takes it by compare-and-set. No process compares its time with another's:
a clock that steps, or differs between machines, makes nobody lead twice. And no lease is lost with Redis.
"""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine, Result, Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.database import SINGLE_STATEMENTS
from app.scheduler.tables import SchedulerLease

LEASE_S = 15.0
BEAT_INTERVAL_S = 3.0
_ROW_ID = 1


class Lease:
    """One process's claim to lead.

    Args:
        clock: gives the time of a beat that people see.
        monotonic: seconds that only grow.
    """

    def __init__(self, engine: Engine, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine.execution_options(**SINGLE_STATEMENTS)
        self._clock = clock
        self._monotonic = monotonic
        self._token = uuid4().hex
        self._held_until = 0.0
        self._seen_beats = -1
        self._seen_at = 0.0

    @property
    def is_held(self) -> bool:
        """Whether this process leads now; it ends by itself when beats do not reach the database."""
        return self._monotonic() < self._held_until

    def beat(self) -> bool:
        """Renew the lease, take it if it is free or its holder is silent; whether this process leads now."""
        now = self._monotonic()
        with self._engine.connect() as connection:
            if _read(connection).first() is None:
                _make(connection, self._clock.now())
            row = _read(connection).one()
            connection.commit()
            taken = self._may_take(row, now) and self._change(connection, row.beats, holder=self._token)
        self._held_until = now + LEASE_S if taken else 0.0
        return taken

    def give_back(self) -> None:
        """Release the lease, so that another process can lead at once."""
        self._held_until = 0.0
        with self._engine.connect() as connection:
            row = _read(connection).first()
            connection.commit()
            if row is not None and row.holder == self._token:
                self._change(connection, row.beats, holder="")

    def _may_take(self, row: Row[str, int], now: float) -> bool:
        if row.holder in ("", self._token):
            return True
        if row.beats != self._seen_beats:
            self._seen_beats, self._seen_at = row.beats, now
        return now - self._seen_at >= LEASE_S

    def _change(self, connection: Connection, beats: int, *, holder: str) -> bool:
        """Write a beat; False if another process was quicker."""
        statement = (
            update(SchedulerLease)
            .where(SchedulerLease.id == _ROW_ID, SchedulerLease.beats == beats)
            .values(holder=holder, beats=beats + 1, beat_at=self._clock.now())
        )
        changed = connection.execute(statement).rowcount == 1
        connection.commit()
        return changed


def last_beat(session: Session) -> datetime | None:
    """The last heartbeat of a scheduler; None if there was none."""
    return session.scalar(select(SchedulerLease.beat_at).where(SchedulerLease.id == _ROW_ID))


def _read(connection: Connection) -> Result[str, int]:
    return connection.execute(
        select(SchedulerLease.holder, SchedulerLease.beats).where(SchedulerLease.id == _ROW_ID)
    )


def _make(connection: Connection, now: datetime) -> None:
    """Make the row, unless another of the first schedulers was quicker."""
    try:
        connection.execute(insert(SchedulerLease).values(id=_ROW_ID, holder="", beats=0, beat_at=now))
        connection.commit()
    except IntegrityError:
        connection.rollback()
