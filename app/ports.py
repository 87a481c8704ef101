"""What services need of the outside world. Adapters make it real; tests put fakes in its place."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.domain.builds import BuildId
from app.domain.events import EventName
from app.domain.sketches import SketchId


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The present UTC time, aware."""
        ...


class SketchStore(Protocol):
    """Sources of sketches, by sketch and digest. What is stored never changes."""

    def put(self, sketch_id: SketchId, digest: str, files: Mapping[str, bytes]) -> None:
        """Store files, whole or not at all; storing the same digest again is harmless.

        Raises:
            Unavailable: the disk is full or read-only.
        """
        ...

    def get(self, sketch_id: SketchId, digest: str) -> dict[str, bytes]:
        """The files.

        Raises:
            NotFound: nothing is stored under this digest.
        """
        ...

    def forget(self, sketch_id: SketchId, digest: str) -> None:
        """Forget the files of one digest; harmless when there are none."""
        ...

    def remove(self, sketch_id: SketchId) -> None:
        """Forget all revisions of a sketch."""
        ...


class ArtifactStore(Protocol):
    """One folder a build: snapshot, log, artifacts."""

    def folder(self, build_id: BuildId) -> Path:
        """The build's folder; it may not exist yet."""
        ...

    def put_snapshot(self, build_id: BuildId, files: Mapping[str, bytes]) -> Path:
        """Write the exact files to build; the folder they lie in.

        Raises:
            Unavailable: the disk is full or read-only.
        """
        ...

    def adopt(self, build_id: BuildId, source: BuildId) -> None:
        """Give a build the artifacts and the log of its finished twin, without copying bytes."""
        ...

    def new_output(self, build_id: BuildId) -> Path:
        """A fresh empty folder for artifacts in the making; readers do not see it."""
        ...

    def publish(self, build_id: BuildId, output: Path) -> None:
        """Make the files of `output` the build's artifacts, all at once."""
        ...

    def has_artifacts(self, build_id: BuildId) -> bool:
        """Whether the artifacts are still there."""
        ...

    def artifact(self, build_id: BuildId, name: str) -> Path:
        """The path of a finished artifact.

        Raises:
            NotFound: there is no such artifact.
        """
        ...

    def read_log(self, build_id: BuildId, start: int, limit: int) -> bytes:
        """Bytes of the log from offset `start`, at most `limit`; empty when there are none (yet)."""
        ...

    def append_log(self, build_id: BuildId, chunk: bytes) -> int:
        """Append to the log; the offset at which `chunk` now starts."""
        ...

    def remove(self, build_id: BuildId) -> None:
        """Forget everything of a build."""
        ...


class BuildQueue(Protocol):
    """The queue that carries builds to the workers."""

    def enqueue(self, build_id: BuildId) -> None:
        """Queue a build; queueing the same build twice is harmless.

        Raises:
            Unavailable: the queue is away.
        """
        ...

    def cancel(self, build_id: BuildId) -> None:
        """Take a build out of the queue, or tell the worker to stop it.

        Raises:
            Unavailable: the queue is away.
        """
        ...

    def is_alive(self, build_id: BuildId) -> bool:
        """Whether some worker has the build or will get it.

        Raises:
            Unavailable: the queue is away.
        """
        ...

    def worker_count(self) -> int:
        """Compile workers now at work; 0 when none is.

        Raises:
            Unavailable: the queue is away.
        """
        ...


class EventPublisher(Protocol):
    """News for pages. Publishing never fails the caller: pages re-sync by revision."""

    def publish(self, name: EventName, rooms: Iterable[str], body: Mapping[str, object]) -> None:
        """Send one event to everybody in any of `rooms`, once each."""
        ...

    def disconnect(self, account_id: str) -> None:
        """Close the sockets of an account that was logged out."""
        ...


class SecretBox(Protocol):
    """Encryption at rest."""

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt; `context` names the row and column and must be the same to open."""
        ...

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt.

        Raises:
            ValueError: changed, made with another key, or for another context.
        """
        ...


class NvsMaker(Protocol):
    """Makes the memory that a bot finds at its first start."""

    def make(self, entries: Iterable[tuple[str, str]], size: int) -> bytes:
        """An NVS partition of `size` bytes with texts by key in the name space `airsketch`.

        Raises:
            Invalid: they do not fit.
        """
        ...


class PasswordHasher(Protocol):
    """Slow hashes of passwords."""

    def hash(self, password: str) -> str:
        """A salted hash."""
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether they fit; takes the same time when there is no hash to compare with."""
        ...
