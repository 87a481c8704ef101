"""Fakes of the ports. Those of a real implementation run its contract test too."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rq import Queue

from app.accounts.passwords import PasswordHasher
from app.builds.queue import JobKind, Priority
from app.events.names import EventName
from app.kernel.errors import NotFound, Unavailable
from app.sketches.rules import SketchId
from app.sketches.sources import Sources

START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def tick(self, seconds: float = 1.0) -> None:
        """Move on."""
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Event:
    """One published event."""

    name: EventName
    rooms: tuple[str, ...]
    body: dict[str, object]


@dataclass
class RecordingEvents:
    """Keeps what was published, in order."""

    events: list[Event] = field(default_factory=list)
    disconnected: list[str] = field(default_factory=list)
    sockets: list[tuple[str, str]] = field(default_factory=list)

    def publish(self, name: EventName, rooms: Iterable[str], body: Mapping[str, object]) -> None:
        self.events.append(Event(name, tuple(rooms), dict(body)))

    def disconnect(self, account_id: str) -> None:
        self.disconnected.append(account_id)

    def socket_opened(self, account_id: str, socket: str) -> None:
        self.sockets.append((account_id, socket))

    def socket_closed(self, account_id: str, socket: str) -> None:
        self.sockets.remove((account_id, socket))

    def named(self, name: EventName) -> list[Event]:
        """The events of one name."""
        return [event for event in self.events if event.name == name]

    def bodies(self, name: EventName) -> list[dict[str, object]]:
        """The bodies of the events of one name."""
        return [event.body for event in self.named(name)]

    def clear(self) -> None:
        """Forget what was published so far."""
        self.events.clear()
        self.disconnected.clear()


@dataclass
class MemorySketchStore:
    """Sources in a dictionary; `full` makes it refuse to write."""

    stored: dict[tuple[str, str], dict[str, bytes]] = field(default_factory=dict)
    full: bool = False

    def put(self, sketch_id: SketchId, sources: Sources) -> None:
        if self.full:
            raise Unavailable("disk_full", "The server cannot write to its disk.")
        self.stored.setdefault((sketch_id, sources.digest), dict(sources.files))

    def get(self, sketch_id: SketchId, digest: str) -> dict[str, bytes]:
        try:
            return dict(self.stored[sketch_id, digest])
        except KeyError:
            raise NotFound("no_such_revision", "This revision is no longer available.") from None

    def forget(self, sketch_id: SketchId, digest: str) -> None:
        self.stored.pop((sketch_id, digest), None)

    def remove(self, sketch_id: SketchId) -> None:
        for key in [key for key in self.stored if key[0] == sketch_id]:
            del self.stored[key]


@dataclass
class FakeQueue:
    """A queue nobody works on; `away` makes it behave like a Redis that is down."""

    waiting: list[str] = field(default_factory=list)
    cores: list[str] = field(default_factory=list)
    running: set[str] = field(default_factory=set)
    cancelled: list[str] = field(default_factory=list)
    beats: int = 0
    signed_off: list[str] = field(default_factory=list)
    workers: int = 1
    away: bool = False

    def enqueue(
        self, _kind: JobKind, job_id: str, *, core: str, priority: Priority = Priority.INTERACTIVE
    ) -> None:
        self._check()
        if job_id not in self.waiting:
            self.waiting.append(job_id)
            self.cores.append(core)

    def lanes(self, cores: Iterable[str]) -> list[Queue]:
        raise NotImplementedError

    def cancel(self, job_id: str) -> None:
        self._check()
        self.cancelled.append(job_id)
        if job_id in self.waiting:
            self.waiting.remove(job_id)

    def is_cancelled(self, job_id: str) -> bool:
        self._check()
        return job_id in self.cancelled

    def is_alive(self, job_id: str) -> bool:
        self._check()
        return job_id in self.waiting or job_id in self.running

    def beat_worker(self, name: str) -> None:
        self._check()

    def sign_off_worker(self, name: str) -> None:
        self._check()

    def beat_job(self, job_id: str) -> None:
        self._check()
        self.beats += 1

    def sign_off_job(self, job_id: str) -> None:
        self._check()
        self.signed_off.append(job_id)

    def worker_count(self) -> int:
        self._check()
        return self.workers

    def _check(self) -> None:
        if self.away:
            raise Unavailable("queue_away", "The build queue is temporarily unavailable. Try again shortly.")


class FastPasswords(PasswordHasher):
    """Password hashes without the slowness; counts how often it was asked."""

    def __init__(self) -> None:
        self.verified = 0

    def hash(self, password: str) -> str:
        return "fast:" + hashlib.sha256(password.encode()).hexdigest()

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified += 1
        return self.hash(password) == password_hash
