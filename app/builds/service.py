"""Builds as users see them: request, read, follow, stop, download."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.service import lock_account
from app.builds import rules as builds
from app.builds.artifact_store import Artifact, ArtifactStore
from app.builds.duplicates import adopt_duplicate
from app.builds.notifications import publish_build, publish_queue, queue_place
from app.builds.payload import QueuePayload
from app.builds.queue import JobKind, JobQueue
from app.builds.rules import BuildEvent, BuildId, BuildState
from app.builds.tables import Build
from app.events.publisher import EventPublisher
from app.kernel.actor import AccountId, Actor
from app.kernel.clock import Clock
from app.kernel.errors import AppError, LimitExceeded, NotFound, Unavailable
from app.kernel.transaction import writing
from app.sketches.rules import SketchId
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain import service as toolchain
from app.toolchain.rules import Board, core_of, parse_fqbn

logger = logging.getLogger(__name__)

_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """A requested build; `reused`: an earlier build of the same account already fulfils the request."""

    build: Build
    reused: bool


def get(session: Session, *, account_id: AccountId, build_id: str) -> Build:
    """One build of an account.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    build = session.scalar(select(Build).where(Build.id == build_id, Build.account_id == account_id))
    if build is None:
        raise NotFound("no_such_build", "There is no such build.")
    return build


def sources_in_use(session: Session, sketch_id: SketchId) -> set[str]:
    """The digests of a sketch's sources that a queued or running build still has to read."""
    query = select(Build.sources_digest).where(
        Build.sketch_id == sketch_id, Build.state.in_(builds.OPEN_STATES)
    )
    return set(session.scalars(query))


class Builds:
    """The builds of all accounts; everybody reaches their own only.

    Args:
        max_open: queued and running builds that one account may have at a time.
    """

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        artifacts: ArtifactStore,
        queue: JobQueue,
        events: EventPublisher,
        clock: Clock,
        max_open: int,
    ) -> None:
        self._sessions = sessions
        self._artifacts = artifacts
        self._queue = queue
        self._events = events
        self._clock = clock
        self._max_open = max_open

    def request(self, actor: Actor, sketch_id: str, *, fqbn: str) -> Requested:
        """Request firmware from the newest revision of a sketch.

        The same sources for the same board by the same tools are never compiled twice: a finished build
        is the answer, an open one is joined, and one of another account lends its artifacts.

        Raises:
            NotFound: no such sketch of this account.
            Invalid: the board is unknown or not available.
            LimitExceeded: the account has too many open builds.
            Unavailable: the disk is full.
        """
        session = self._sessions()
        board = toolchain.buildable(session, fqbn=parse_fqbn(fqbn))
        build = self._new_build(*_newest(session, actor.account_id, sketch_id), board)
        earlier = self._earlier(session, build)
        if earlier is not None:
            return Requested(build=earlier, reused=earlier.state is BuildState.SUCCEEDED)
        self._store(session, build)
        publish_build(self._events, build)
        if build.state is BuildState.QUEUED:
            self._enqueue(session, build)
        return Requested(build=build, reused=False)

    def get(self, actor: Actor, build_id: str) -> Build:
        """One build.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        return get(self._sessions(), account_id=actor.account_id, build_id=build_id)

    def of_sketch(self, actor: Actor, sketch_id: str) -> list[Build]:
        """The newest builds of a sketch, newest first."""
        query = (
            select(Build)
            .where(Build.sketch_id == sketch_id, Build.account_id == actor.account_id)
            .order_by(Build.created_at.desc())
            .limit(_LISTED)
        )
        return list(self._sessions().scalars(query))

    def queue_place(self, build: Build) -> QueuePayload | None:
        """Where a build stands in the queue; None if it does not wait."""
        return queue_place(self._sessions(), build=build, queue=self._queue)

    def read_log(self, actor: Actor, build_id: str, *, start: int, limit: int) -> bytes:
        """Bytes of the log from offset `start`, at most `limit`; empty when there are none (yet).

        Raises:
            NotFound: no such build of this account.
        """
        return self._artifacts.read_log(self.get(actor, build_id).id, start, limit)

    def artifact(self, actor: Actor, build_id: str, name: str) -> tuple[Build, Artifact]:
        """A build, and one of its files.

        Raises:
            NotFound: no such build of this account, or it has no such file.
        """
        build = self.get(actor, build_id)
        return build, self._artifacts.artifact(build.id, name)

    def stop(self, actor: Actor, build_id: str) -> Build:
        """Stop a build: a queued one ends at once, a running one as soon as its compiler has exited.

        Raises:
            NotFound: no such build of this account.
            Conflict: it has already ended.
            Unavailable: the queue is away, so a running build cannot be reached.
        """
        session = self._sessions()
        build = get(session, account_id=actor.account_id, build_id=build_id)
        has_ended = self._end_waiting(session, build)
        if has_ended:
            publish_build(self._events, build)
        self._queue.cancel(build.id)
        if has_ended:
            publish_queue(session, queue=self._queue, events=self._events)
        return build

    def _end_waiting(self, session: Session, build: Build) -> bool:
        """End a build that has not started; False if a worker has it, who will stop it."""
        with writing(session):
            session.refresh(build, with_for_update=True)
            if build.state is BuildState.RUNNING:
                return False
            build.state = builds.advance(build.state, BuildEvent.CANCEL)
            build.message = "Stopped before it started."
            build.finished_at = self._clock.now()
            build.revision += 1
        return True

    def _new_build(self, sketch: Sketch, revision: SketchRevision, board: Board) -> Build:
        return Build(
            id=BuildId(uuid4().hex),
            account_id=sketch.account_id,
            sketch_id=sketch.id,
            sketch_name=revision.sketch_name,
            sketch_revision=revision.number,
            fqbn=board.fqbn,
            chip=board.chip,
            slot_bytes=board.slot_bytes,
            sources_digest=revision.digest,
            cache_key=builds.cache_key(
                sources_digest=revision.digest, fqbn=board.fqbn, toolchain_key=board.toolchain_key
            ),
            created_at=self._clock.now(),
        )

    def _earlier(self, session: Session, build: Build) -> Build | None:
        """A build of the same account and sketch that is the answer or will be."""
        query = (
            select(Build)
            .where(
                Build.account_id == build.account_id,
                Build.sketch_id == build.sketch_id,
                Build.cache_key == build.cache_key,
                Build.state.in_({BuildState.SUCCEEDED} | builds.OPEN_STATES),
            )
            .order_by(Build.created_at.desc())
            .limit(1)
        )
        earlier = session.scalar(query)
        if earlier is None or earlier.state in builds.OPEN_STATES:
            return earlier
        return earlier if self._artifacts.has_artifacts(earlier.id) else None

    def _store(self, session: Session, build: Build) -> None:
        """Commit a new build, already ended if a duplicate lends it its artifacts."""
        try:
            with writing(session):
                lock_account(session, build.account_id)
                self._check_open_builds(session, build.account_id)
                session.add(build)
                session.flush()
                adopt_duplicate(session, build, artifacts=self._artifacts, now=self._clock.now())
        except AppError:
            self._artifacts.remove(build.id)
            raise

    def _check_open_builds(self, session: Session, account_id: AccountId) -> None:
        count = session.scalar(
            select(func.count()).where(Build.account_id == account_id, Build.state.in_(builds.OPEN_STATES))
        )
        if (count or 0) >= self._max_open:
            raise LimitExceeded(
                "too_many_builds",
                f"You have {self._max_open} builds in progress. Wait for one to finish, or stop one.",
                {"limit": self._max_open},
            )

    def _enqueue(self, session: Session, build: Build) -> None:
        """Hand the committed build to the queue; the reaper does it again if the queue is away now."""
        try:
            self._queue.enqueue(JobKind.COMPILE, build.id, core=core_of(build.fqbn))
        except Unavailable:
            logger.warning("queue_away_at_request", extra={"build_id": build.id})
            return
        publish_queue(session, queue=self._queue, events=self._events)


def _newest(session: Session, account_id: AccountId, sketch_id: str) -> tuple[Sketch, SketchRevision]:
    query = (
        select(Sketch, SketchRevision)
        .join(
            SketchRevision,
            (SketchRevision.sketch_id == Sketch.id) & (SketchRevision.number == Sketch.revision),
        )
        .where(Sketch.id == sketch_id, Sketch.account_id == account_id)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound("no_such_sketch", "There is no such sketch.")
    return found[0], found[1]
