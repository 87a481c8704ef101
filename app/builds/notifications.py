"""Events about builds, and the places of queued ones."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.builds.payload import LogPayload, QueuePayload, of_build
from app.builds.queue import JobQueue
from app.builds.rules import BuildState, estimate_wait_s
from app.builds.tables import Build
from app.events.names import EventName, account_room, build_room
from app.events.publisher import EventPublisher
from app.kernel.errors import Unavailable

_HISTORY = 20
# Builds behind this place get no number: it would change too often to read.
_ANNOUNCED_PLACES = 50


def publish_build(events: EventPublisher, build: Build) -> None:
    """Publish the state of a build to its owner."""
    events.publish(EventName.BUILD_CHANGED, [account_room(build.account_id)], _body(of_build(build)))


def publish_log(events: EventPublisher, build_id: str, start: int, text: str) -> None:
    """Publish new lines of a log to the pages that show it."""
    body: LogPayload = {"build_id": build_id, "start": start, "text": text}
    events.publish(EventName.BUILD_LOG, [build_room(build_id)], _body(body))


def publish_queue(session: Session, *, queue: JobQueue, events: EventPublisher) -> None:
    """Publish the places of all queued builds."""
    waiting = session.execute(
        select(Build.id, Build.account_id, Build.fqbn)
        .where(Build.state == BuildState.QUEUED)
        .order_by(Build.created_at, Build.id)
        .limit(_ANNOUNCED_PLACES)
    ).all()
    workers = _workers(queue)
    history = {fqbn: _recent_s(session, fqbn) for fqbn in {row.fqbn for row in waiting}}
    for position, row in enumerate(waiting, start=1):
        body = _place(row.id, position, history[row.fqbn], workers)
        events.publish(EventName.BUILD_QUEUE, [account_room(row.account_id)], _body(body))


def queue_place(session: Session, *, build: Build, queue: JobQueue) -> QueuePayload | None:
    """Where a build stands in the queue; None if it does not wait."""
    if build.state is not BuildState.QUEUED:
        return None
    ahead = session.scalar(
        select(func.count()).where(Build.state == BuildState.QUEUED, Build.created_at < build.created_at)
    )
    return _place(build.id, (ahead or 0) + 1, _recent_s(session, build.fqbn), _workers(queue))


def _place(build_id: str, position: int, recent_s: list[float], workers: int) -> QueuePayload:
    estimate = estimate_wait_s(recent_s, position=position, workers=workers) if workers else None
    return {"build_id": build_id, "position": position, "estimate_s": estimate, "workers": workers}


def _recent_s(session: Session, fqbn: str) -> list[float]:
    """Compile times of the newest builds for a board, in seconds."""
    query = (
        select(Build.compile_s)
        .where(Build.fqbn == fqbn, Build.state == BuildState.SUCCEEDED, Build.compile_s > 0)
        .order_by(Build.finished_at.desc())
        .limit(_HISTORY)
    )
    return list(session.scalars(query))


def _workers(queue: JobQueue) -> int:
    try:
        return queue.worker_count()
    except Unavailable:
        return 0


def _body(payload: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], payload)
