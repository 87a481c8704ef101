"""Stand-ins for the ports. Those that have a real twin run its contract test too."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.accounts.passwords import PasswordHasher
from app.builds.rules import BuildId
from app.events.names import EventName
from app.kernel.errors import NotFound, Unavailable
from app.sketches.rules import SketchId

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

    def publish(self, name: EventName, rooms: Iterable[str], body: Mapping[str, object]) -> None:
        self.events.append(Event(name, tuple(rooms), dict(body)))

    def disconnect(self, account_id: str) -> None:
        self.disconnected.append(account_id)

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

    def put(self, sketch_id: SketchId, digest: str, files: Mapping[str, bytes]) -> None:
        if self.full:
            raise Unavailable("no_room", "The server cannot write to its disk.")
        self.stored.setdefault((sketch_id, digest), dict(files))

    def get(self, sketch_id: SketchId, digest: str) -> dict[str, bytes]:
        try:
            return dict(self.stored[sketch_id, digest])
        except KeyError:
            raise NotFound("no_such_revision", "This revision is no longer kept.") from None

    def forget(self, sketch_id: SketchId, digest: str) -> None:
        self.stored.pop((sketch_id, digest), None)

    def remove(self, sketch_id: SketchId) -> None:
        for key in [key for key in self.stored if key[0] == sketch_id]:
            del self.stored[key]


@dataclass
class FakeQueue:
    """A queue nobody works on; `away` makes it behave like a Redis that is down."""

    waiting: list[BuildId] = field(default_factory=list)
    running: set[BuildId] = field(default_factory=set)
    cancelled: list[BuildId] = field(default_factory=list)
    workers: int = 1
    away: bool = False

    def enqueue(self, build_id: BuildId) -> None:
        self._check()
        if build_id not in self.waiting:
            self.waiting.append(build_id)

    def cancel(self, build_id: BuildId) -> None:
        self._check()
        self.cancelled.append(build_id)
        if build_id in self.waiting:
            self.waiting.remove(build_id)

    def is_alive(self, build_id: BuildId) -> bool:
        self._check()
        return build_id in self.waiting or build_id in self.running

    def worker_count(self) -> int:
        self._check()
        return self.workers

    def _check(self) -> None:
        if self.away:
            raise Unavailable("queue_away", "The build queue is away for a moment. Try again shortly.")


class FastPasswords(PasswordHasher):
    """Password hashes without the slowness; counts how often it was asked."""

    def __init__(self) -> None:
        self.verified = 0

    def hash(self, password: str) -> str:
        return "fast:" + hashlib.sha256(password.encode()).hexdigest()

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified += 1
        return self.hash(password) == password_hash
