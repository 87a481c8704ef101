"""Builds as the worker drives them: start, progress, one end, and the reaper."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.builds import rules as builds
from app.builds.artifact_store import ArtifactStore
from app.builds.duplicates import adopt_twin, find_twin
from app.builds.notifications import publish_build, publish_log, publish_queue
from app.builds.queue import BuildQueue
from app.builds.rules import BuildEvent, BuildId, BuildResult, BuildSpec, BuildState, FailureReason, Stage
from app.builds.tables import Build
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.errors import Unavailable
from app.kernel.transaction import writing
from app.toolchain.rules import Fqbn

logger = logging.getLogger(__name__)

# A request commits its row a moment before it is queued; the reaper must not be quicker.
_REAP_AFTER = timedelta(seconds=5)

_EVENT_OF_END = {
    BuildState.SUCCEEDED: BuildEvent.SUCCEED,
    BuildState.FAILED: BuildEvent.FAIL,
    BuildState.TIMED_OUT: BuildEvent.TIME_OUT,
    BuildState.CANCELLED: BuildEvent.CANCEL,
}
_LOST = "The worker stopped before this build was done. Press Compile to build it again."
_INTERNAL = "Something went wrong on the server, not in your sketch. Press Compile to try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class RunParts:
    """The outside parts that a running build needs."""

    artifacts: ArtifactStore
    queue: BuildQueue
    events: EventPublisher
    clock: Clock


def start(session: Session, *, build_id: BuildId, parts: RunParts) -> BuildSpec | None:
    """Begin a queued build.

    Returns:
        What to compile; None if there is nothing to do: it was stopped, has begun elsewhere, or has
        just been given the artifacts of a twin.
    """
    with writing(session):
        build = session.get(Build, build_id, populate_existing=True)
        if build is None or build.state is not BuildState.QUEUED:
            return None
        if not _adopt(session, build, parts):
            build.state = builds.advance(build.state, BuildEvent.START)
            build.stage = Stage.PREPARING
            build.started_at = parts.clock.now()
            build.revision += 1
    publish_build(parts.events, build)
    publish_queue(session, queue=parts.queue, events=parts.events)
    return _spec(build, parts.artifacts) if build.state is BuildState.RUNNING else None


def set_stage(session: Session, *, build_id: BuildId, stage: Stage, parts: RunParts) -> None:
    """Say which part of the compile is under way; nothing happens if the build has ended."""
    with writing(session):
        build = session.get(Build, build_id, populate_existing=True)
        if build is None or build.state is not BuildState.RUNNING or build.stage == stage:
            return
        build.stage = stage
        build.revision += 1
    publish_build(parts.events, build)


def add_log(build_id: BuildId, *, text: str, parts: RunParts) -> None:
    """Append whole lines to the build's log and send them to those who watch.

    Raises:
        Unavailable: the disk is full.
    """
    begin = parts.artifacts.append_log(build_id, text.encode())
    publish_log(parts.events, build_id, begin, text)


def finish(session: Session, *, build_id: BuildId, result: BuildResult, parts: RunParts) -> bool:
    """Write the end of a build; the only place where a running build ends.

    Returns:
        False if it had already ended, which stays as it is.
    """
    event = _EVENT_OF_END[result.state]
    with writing(session):
        build = session.get(Build, build_id, populate_existing=True)
        if build is None or build.state not in builds.sources_of(event):
            return False
        build.state = builds.advance(build.state, event)
        _store_result(build, result)
        build.stage = None
        build.finished_at = parts.clock.now()
        build.revision += 1
    publish_build(parts.events, build)
    if build.state is BuildState.SUCCEEDED:
        _serve_twins(session, build, parts)
    publish_queue(session, queue=parts.queue, events=parts.events)
    return True


def fail_internal(session: Session, *, build_id: BuildId, parts: RunParts) -> bool:
    """End a build that failed by our fault; the cause is in the worker's log."""
    result = BuildResult(state=BuildState.FAILED, reason=FailureReason.INTERNAL, message=_INTERNAL)
    return finish(session, build_id=build_id, result=result, parts=parts)


def lose(session: Session, *, build_id: BuildId, parts: RunParts) -> bool:
    """End a build whose worker is gone; False if it had already ended."""
    with writing(session):
        moved = session.execute(
            update(Build)
            .where(Build.id == build_id, Build.state.in_(builds.sources_of(BuildEvent.LOSE)))
            .values(
                state=BuildState.LOST,
                stage=None,
                message=_LOST,
                finished_at=parts.clock.now(),
                revision=Build.revision + 1,
            )
            .returning(Build.id)
        ).first()
    if moved is None:
        return False
    logger.warning("build_lost", extra={"build_id": build_id})
    build = session.get(Build, build_id, populate_existing=True)
    if build is not None:
        publish_build(parts.events, build)
    publish_queue(session, queue=parts.queue, events=parts.events)
    return True


def reap(session: Session, *, parts: RunParts) -> int:
    """Give every open build without a job an honest fate.

    A running one is lost; a queued one is queued again, for its row is the truth.

    Returns:
        How many builds were lost or queued again.

    Raises:
        Unavailable: the queue is away, so nothing is known.
    """
    count = 0
    for build in _old_open_builds(session, parts.clock):
        build_id = BuildId(build.id)
        if parts.queue.is_alive(build_id):
            continue
        count += 1
        if build.state is BuildState.RUNNING:
            lose(session, build_id=build_id, parts=parts)
        else:
            logger.warning("build_queued_again", extra={"build_id": build_id})
            parts.queue.enqueue(build_id)
    return count


def _serve_twins(session: Session, build: Build, parts: RunParts) -> None:
    """Give everybody who waits for the same firmware what has just been built.

    A class that compiles one example at once gets it together. Without this each would wait for a job
    of its own, which finds the twin too, but one after the other.
    """
    same = select(Build.id).where(Build.cache_key == build.cache_key, Build.state == BuildState.QUEUED)
    for waiting_id in session.scalars(same.order_by(Build.created_at)).all():
        # One transaction each: files are linked inside, and others want to write meanwhile.
        with writing(session):
            waiting = session.get(Build, waiting_id, populate_existing=True)
            served = waiting is not None and _adopt(session, waiting, parts)
        if waiting is not None and served:
            publish_build(parts.events, waiting)
            _forget_job(waiting, parts)


def _adopt(session: Session, build: Build, parts: RunParts) -> bool:
    """End a build that still waits by a twin that it may have."""
    if build.state is not BuildState.QUEUED:
        return False
    twin = find_twin(session, build, parts.artifacts)
    return twin is not None and adopt_twin(build, twin, artifacts=parts.artifacts, now=parts.clock.now())


def _forget_job(build: Build, parts: RunParts) -> None:
    """Take the job of an ended build out of the queue; left there it would do nothing."""
    try:
        parts.queue.cancel(BuildId(build.id))
    except Unavailable:
        logger.warning("queue_away_at_twin", extra={"build_id": build.id})


def _old_open_builds(session: Session, clock: Clock) -> Sequence[Build]:
    before = clock.now() - _REAP_AFTER
    query = select(Build).where(Build.state.in_(builds.OPEN_STATES), Build.created_at < before)
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    # A build that has just begun has not yet given its first sign of life.
    return [build for build in found if build.started_at is None or build.started_at < before]


def _spec(build: Build, artifacts: ArtifactStore) -> BuildSpec:
    return BuildSpec(
        build_id=BuildId(build.id),
        sketch_name=build.sketch_name,
        snapshot=artifacts.folder(BuildId(build.id)) / "snapshot",
        fqbn=Fqbn(build.fqbn),
        chip=build.chip,
        slot_bytes=build.slot_bytes,
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
    build.is_pristine = result.is_pristine
    if result.image is not None:
        build.sha256 = result.image.sha256
        build.image_digest = result.image.image_digest
        build.image_bytes = result.image.size_bytes
        build.version = result.image.version
