"""Builds as the worker drives them: start, progress, one end, and the reaper."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.builds import rules as builds
from app.builds.artifact_store import ArtifactStore
from app.builds.duplicates import adopt_duplicate
from app.builds.notifications import publish_build, publish_log, publish_queue
from app.builds.queue import JobKind, JobQueue
from app.builds.rules import BuildEvent, BuildId, BuildResult, BuildSpec, BuildState, FailureReason, Stage
from app.builds.tables import Build
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.errors import NotFound, Unavailable
from app.kernel.transaction import writing
from app.sketches.rules import SketchId
from app.sketches.sources import Sources
from app.sketches.store import SketchStore
from app.toolchain.rules import Catalog, core_of

logger = logging.getLogger(__name__)

# A request commits its row a moment before it is queued; the reaper must not be quicker.
_REAP_AFTER = timedelta(seconds=5)

_EVENT_OF_END = {
    BuildState.SUCCEEDED: BuildEvent.SUCCEED,
    BuildState.FAILED: BuildEvent.FAIL,
    BuildState.TIMED_OUT: BuildEvent.TIME_OUT,
    BuildState.CANCELLED: BuildEvent.CANCEL,
}
_LOST = "The compile worker stopped before this build finished. Press Compile to build it again."
_INTERNAL = "Something went wrong on the server, not in your sketch. Press Compile to try again."
_DELETED = "The sketch was deleted before this build started."


class BuildRuns:
    """What happens to builds while they wait and run."""

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        sketch_store: SketchStore,
        artifacts: ArtifactStore,
        queue: JobQueue,
        events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._sketch_store = sketch_store
        self._artifacts = artifacts
        self._queue = queue
        self._events = events
        self._clock = clock

    def start(self, build_id: BuildId, catalog: Catalog) -> BuildSpec | None:
        """Start a queued build.

        Args:
            catalog: what the worker has that is about to compile it.
        Returns:
            What to compile; None if there is nothing to do: it was stopped, has started elsewhere, has just
            been given the artifacts of a duplicate, or its sketch was deleted.
        Raises:
            Invalid, LimitExceeded: the stored sources break a rule.
            Unavailable: the sources cannot be read.
        """
        session = self._sessions()
        with writing(session):
            build = _lock(session, build_id)
            if build is None or build.state is not BuildState.QUEUED:
                return None
            _use_tools_of(build, catalog)
            if not self._adopt(session, build):
                build.state = builds.advance(build.state, BuildEvent.START)
                build.stage = Stage.PREPARING
                build.started_at = self._clock.now()
                build.revision += 1
        publish_build(self._events, build)
        publish_queue(session, queue=self._queue, events=self._events)
        logger.info("build_taken", extra={"build_id": build.id, "state": build.state, "board": build.fqbn})
        return self._spec(build) if build.state is BuildState.RUNNING else None

    def set_stage(self, build_id: BuildId, stage: Stage) -> None:
        """Store which stage the compile has reached; does nothing if the build has ended."""
        session = self._sessions()
        with writing(session):
            build = _lock(session, build_id)
            if build is None or build.state is not BuildState.RUNNING or build.stage == stage:
                return
            build.stage = stage
            build.revision += 1
        publish_build(self._events, build)

    def add_log(self, build_id: BuildId, text: str) -> None:
        """Append whole lines to the build's log and send them to those who watch.

        Raises:
            Unavailable: the disk is full.
        """
        begin = self._artifacts.append_log(build_id, text.encode())
        publish_log(self._events, build_id, begin, text)

    def finish(self, build_id: BuildId, result: BuildResult) -> bool:
        """Write the end of a build; the only place where a running build ends.

        Returns:
            False if it had already ended, which stays as it is.
        """
        event = _EVENT_OF_END[result.state]
        session = self._sessions()
        with writing(session):
            build = _lock(session, build_id)
            if build is None or build.state not in builds.sources_of(event):
                return False
            build.state = builds.advance(build.state, event)
            _store_result(build, result)
            build.stage = None
            build.finished_at = self._clock.now()
            build.revision += 1
        publish_build(self._events, build)
        if build.state is BuildState.SUCCEEDED:
            self._serve_duplicates(session, build)
        publish_queue(session, queue=self._queue, events=self._events)
        logger.info(
            "build_ended",
            extra={
                "build_id": build.id,
                "state": build.state,
                "reason": build.reason or "",
                "compile_s": build.compile_s,
            },
        )
        return True

    def fail_internal(self, build_id: BuildId) -> bool:
        """End a build that failed through a server error; the cause is in the worker's log."""
        result = BuildResult(state=BuildState.FAILED, reason=FailureReason.INTERNAL, message=_INTERNAL)
        return self.finish(build_id, result)

    def lose(self, build_id: BuildId) -> bool:
        """Mark a build as lost because its worker died; False if it had already ended."""
        session = self._sessions()
        with writing(session):
            moved = session.execute(
                update(Build)
                .where(Build.id == build_id, Build.state.in_(builds.sources_of(BuildEvent.LOSE)))
                .values(
                    state=BuildState.LOST,
                    stage=None,
                    message=_LOST,
                    finished_at=self._clock.now(),
                    revision=Build.revision + 1,
                )
                .returning(Build.id)
            ).first()
        if moved is None:
            return False
        logger.warning("build_lost", extra={"build_id": build_id})
        build = session.get(Build, build_id, populate_existing=True)
        if build is not None:
            publish_build(self._events, build)
        publish_queue(session, queue=self._queue, events=self._events)
        return True

    def reap(self) -> int:
        """Queue every open build without a job again, or mark it as lost.

        A running one is lost; a queued one is queued again, for its row is the truth.

        Returns:
            How many builds were lost or queued again.
        Raises:
            Unavailable: the queue is away, so nothing is known.
        """
        count = 0
        for build in self._old_open_builds():
            if self._queue.is_alive(build.id):
                continue
            count += 1
            if build.state is BuildState.RUNNING:
                self.lose(build.id)
            else:
                logger.warning("build_queued_again", extra={"build_id": build.id})
                self._queue.enqueue(JobKind.COMPILE, build.id, core=core_of(build.fqbn))
        return count

    def _spec(self, build: Build) -> BuildSpec | None:
        """What to compile; a build whose sketch has been deleted ends instead."""
        try:
            # A deleted sketch has left neither its id in the row nor its sources in the store.
            files = self._sketch_store.get(build.sketch_id or SketchId(""), build.sources_digest)
        except NotFound:
            self.finish(build.id, BuildResult(state=BuildState.CANCELLED, message=_DELETED))
            return None
        return BuildSpec(
            build_id=build.id,
            sources=Sources(sketch_name=build.sketch_name, files=files),
            cache_owner=f"{build.account_id}/{build.sketch_id}",
            fqbn=build.fqbn,
            chip=build.chip,
            slot_bytes=build.slot_bytes,
        )

    def _serve_duplicates(self, session: Session, build: Build) -> None:
        """End queued builds of the same firmware with these artifacts.

        A class that compiles one example at once gets it together. Without this each would wait for a job
        of its own, which finds the duplicate too, but one after the other.
        """
        same = select(Build.id).where(Build.cache_key == build.cache_key, Build.state == BuildState.QUEUED)
        for waiting_id in session.scalars(same.order_by(Build.created_at)).all():
            # One transaction each: files are linked inside, and others want to write meanwhile.
            with writing(session):
                waiting = _lock(session, waiting_id)
                served = waiting is not None and self._adopt(session, waiting)
            if waiting is not None and served:
                publish_build(self._events, waiting)
                self._forget_job(waiting)

    def _adopt(self, session: Session, build: Build) -> bool:
        """End a build that still waits with the artifacts of a duplicate, if it may have them."""
        if build.state is not BuildState.QUEUED:
            return False
        return adopt_duplicate(session, build, artifacts=self._artifacts, now=self._clock.now())

    def _forget_job(self, build: Build) -> None:
        """Take the job of an ended build out of the queue; left there it would do nothing."""
        try:
            self._queue.cancel(build.id)
        except Unavailable:
            logger.warning("queue_away_at_duplicate", extra={"build_id": build.id})

    def _old_open_builds(self) -> Sequence[Build]:
        before = self._clock.now() - _REAP_AFTER
        query = select(Build).where(Build.state.in_(builds.OPEN_STATES), Build.created_at < before)
        found = self._sessions().scalars(query.execution_options(populate_existing=True)).all()
        # A build that has just started has not sent its first heartbeat yet.
        return [build for build in found if build.started_at is None or build.started_at < before]


def _lock(session: Session, build_id: BuildId) -> Build | None:
    """The build as it is now, which nobody else changes until the transaction ends."""
    return session.get(Build, build_id, populate_existing=True, with_for_update=True)


def _use_tools_of(build: Build, catalog: Catalog) -> None:
    """Name the result after the tools that make it; the request named another worker's, perhaps."""
    board = catalog.board(build.fqbn)
    if board is not None and board.available:
        build.slot_bytes = board.slot_bytes
        build.cache_key = builds.cache_key(
            sources_digest=build.sources_digest, fqbn=build.fqbn, toolchain_key=board.toolchain_key
        )


def _store_result(build: Build, result: BuildResult) -> None:
    build.reason = result.reason
    build.message = result.message
    build.diagnostics = [asdict(item) for item in result.diagnostics]
    build.sizes = [asdict(item) for item in result.sizes]
    build.libraries = [asdict(item) for item in result.libraries]
    build.artifacts = [asdict(item) for item in result.artifacts]
    build.core_version = result.core_version
    build.tool_version = result.tool_version
    build.compile_s = result.compile_s
    build.built_clean = result.built_clean
    if result.image is not None:
        build.sha256 = result.image.sha256
        build.image_digest = result.image.image_digest
        build.image_bytes = result.image.size_bytes
        build.version = result.image.version
