"""Builds as people ask for them: request, look, stop."""

import logging
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.builds import rules as builds
from app.builds.artifact_store import ArtifactStore
from app.builds.duplicates import adopt_twin, find_twin
from app.builds.notifications import publish_build, publish_queue
from app.builds.queue import BuildQueue
from app.builds.rules import BuildEvent, BuildId, BuildState
from app.builds.tables import Build
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.errors import AppError, LimitExceeded, NotFound, Unavailable
from app.kernel.transaction import writing
from app.sketches.rules import SketchId
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain import service as boards
from app.toolchain.rules import Board, Fqbn, parse_fqbn

logger = logging.getLogger(__name__)

_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildParts:
    """The outside parts that building needs."""

    sketches: SketchStore
    artifacts: ArtifactStore
    queue: BuildQueue
    events: EventPublisher
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """The answer to a request; `reused` says that an earlier build of the same account fulfils it."""

    build: Build
    reused: bool


def request(
    session: Session, *, account_id: str, sketch_id: SketchId, fqbn: str, max_open: int, parts: BuildParts
) -> Requested:
    """Ask for firmware from the newest revision of a sketch.

    The same sources for the same board by the same tools are never compiled twice: a finished build
    is the answer, an open one is joined, and one of another account lends its artifacts.

    Raises:
        NotFound: no such sketch of this account.
        Invalid: the board is unknown or not available.
        LimitExceeded: the account has too many open builds.
        Unavailable: the disk is full.
    """
    board = boards.buildable(session, fqbn=parse_fqbn(fqbn))
    sketch, revision = _newest(session, account_id, sketch_id)
    key = builds.cache_key(
        snapshot_digest=revision.digest, fqbn=board.fqbn, toolchain_key=board.toolchain_key
    )
    known = _known(session, account_id, sketch.id, key, parts.artifacts)
    if known is not None:
        return Requested(build=known, reused=known.state is BuildState.SUCCEEDED)
    build = _new_build(sketch, revision, board, key, parts.clock)
    files = parts.sketches.get(SketchId(sketch.id), revision.digest)
    parts.artifacts.put_snapshot(BuildId(build.id), files)
    try:
        _commit_new(session, build, max_open, parts)
    except AppError:
        parts.artifacts.remove(BuildId(build.id))
        raise
    publish_build(parts.events, build)
    if build.state is BuildState.QUEUED:
        _enqueue(session, build, parts)
    return Requested(build=build, reused=False)


def get(session: Session, *, account_id: str, build_id: str) -> Build:
    """One build of an account.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    build = session.scalar(select(Build).where(Build.id == build_id, Build.account_id == account_id))
    if build is None:
        raise NotFound("no_such_build", "There is no such build.")
    return build


def of_sketch(session: Session, *, account_id: str, sketch_id: str) -> list[Build]:
    """The newest builds of a sketch, newest first."""
    query = (
        select(Build)
        .where(Build.sketch_id == sketch_id, Build.account_id == account_id)
        .order_by(Build.created_at.desc())
        .limit(_LISTED)
    )
    return list(session.scalars(query))


def stop(session: Session, *, account_id: str, build_id: str, parts: BuildParts) -> Build:
    """Stop a build: a queued one ends at once, a running one as soon as its compiler is gone.

    Raises:
        NotFound: no such build of this account.
        Conflict: it has already ended.
        Unavailable: the queue is away, so a running build cannot be reached.
    """
    build = get(session, account_id=account_id, build_id=build_id)
    if build.state is BuildState.RUNNING:
        parts.queue.cancel(BuildId(build.id))
        return build
    with writing(session):
        session.refresh(build)
        build.state = builds.advance(build.state, BuildEvent.CANCEL)
        build.message = "Stopped before it began."
        build.finished_at = parts.clock.now()
        build.revision += 1
    publish_build(parts.events, build)
    parts.queue.cancel(BuildId(build.id))
    publish_queue(session, queue=parts.queue, events=parts.events)
    return build


def _newest(session: Session, account_id: str, sketch_id: SketchId) -> tuple[Sketch, SketchRevision]:
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


def _known(
    session: Session, account_id: str, sketch_id: str, key: str, artifacts: ArtifactStore
) -> Build | None:
    """A build of the same account that is the answer or will be."""
    wanted = {BuildState.SUCCEEDED} | builds.OPEN_STATES
    query = (
        select(Build)
        .where(
            Build.account_id == account_id,
            Build.sketch_id == sketch_id,
            Build.cache_key == key,
            Build.state.in_(wanted),
        )
        .order_by(Build.created_at.desc())
        .limit(1)
    )
    build = session.scalar(query)
    if build is None or build.state in builds.OPEN_STATES:
        return build
    return build if artifacts.has_artifacts(BuildId(build.id)) else None


def _new_build(sketch: Sketch, revision: SketchRevision, board: Board, key: str, clock: Clock) -> Build:
    return Build(
        id=uuid4().hex,
        account_id=sketch.account_id,
        sketch_id=sketch.id,
        sketch_name=revision.sketch_name,
        sketch_revision=revision.number,
        fqbn=Fqbn(board.fqbn),
        chip=board.chip,
        slot_bytes=board.slot_bytes,
        snapshot_digest=revision.digest,
        cache_key=key,
        state=BuildState.QUEUED,
        stage=None,
        reason=None,
        message="",
        diagnostics=[],
        sizes=[],
        libraries=[],
        artifacts=[],
        sha256="",
        image_digest="",
        image_bytes=0,
        version="",
        core_version="",
        tool_version="",
        compile_s=0.0,
        is_pristine=False,
        created_at=clock.now(),
        started_at=None,
        finished_at=None,
        revision=1,
    )


def _commit_new(session: Session, build: Build, max_open: int, parts: BuildParts) -> None:
    with writing(session):
        _check_open_builds(session, build.account_id, max_open)
        twin = find_twin(session, build, parts.artifacts)
        if twin is not None:
            adopt_twin(build, twin, artifacts=parts.artifacts, now=parts.clock.now())
        session.add(build)


def _check_open_builds(session: Session, account_id: str, max_open: int) -> None:
    count = session.scalar(
        select(func.count()).where(Build.account_id == account_id, Build.state.in_(builds.OPEN_STATES))
    )
    if (count or 0) >= max_open:
        raise LimitExceeded(
            "too_many_builds",
            f"You have {max_open} builds under way. Wait for one to end, or stop one.",
            {"limit": max_open},
        )


def _enqueue(session: Session, build: Build, parts: BuildParts) -> None:
    """Hand the committed build to the queue; the reaper does it again if the queue is away now."""
    try:
        parts.queue.enqueue(BuildId(build.id))
    except Unavailable:
        logger.warning("queue_away_at_request", extra={"build_id": build.id})
        return
    publish_queue(session, queue=parts.queue, events=parts.events)
