"""Revisions: every saved state of a sketch, the newest ones kept.

Sources are stored before the row that names them is committed, so a revision never lacks them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.sketches import MAX_REVISIONS, SketchId, snapshot_digest
from app.models import Sketch, SketchRevision
from app.ports import Clock, EventPublisher, SketchStore
from app.services.transaction import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchParts:
    """The outside parts that sketches need."""

    store: SketchStore
    events: EventPublisher
    clock: Clock


def newest(session: Session, *, sketch: Sketch) -> SketchRevision:
    """The newest revision of a sketch."""
    return session.get_one(SketchRevision, (sketch.id, sketch.revision))


def list_revisions(session: Session, *, sketch: Sketch) -> list[SketchRevision]:
    """The kept revisions of a sketch, newest first."""
    query = select(SketchRevision).where(SketchRevision.sketch_id == sketch.id)
    return list(session.scalars(query.order_by(SketchRevision.number.desc())))


def read_revision(
    session: Session, *, sketch: Sketch, number: int, store: SketchStore
) -> tuple[SketchRevision, dict[str, bytes]]:
    """One revision and its sources.

    Raises:
        NotFound: the revision is no longer kept.
    """
    revision = session.get(SketchRevision, (sketch.id, number))
    if revision is None:
        raise NotFound("no_such_revision", "This revision is no longer kept.")
    return revision, store.get(SketchId(sketch.id), revision.digest)


def check_base(sketch: Sketch, base_revision: int) -> None:
    """Refuse work that is based on another revision than the newest.

    Raises:
        Conflict: `newer_revision`; `details` name the newest.
    """
    if sketch.revision != base_revision:
        raise Conflict(
            "newer_revision",
            "This sketch was saved elsewhere after you opened it. Compare the two and save again.",
            {"revision": sketch.revision},
        )


def new_revision(sketch: Sketch, files: Mapping[str, bytes], now: datetime) -> SketchRevision:
    """The row for the present state of a sketch, not yet stored."""
    return SketchRevision(
        sketch_id=sketch.id,
        number=sketch.revision,
        sketch_name=sketch.name,
        digest=snapshot_digest(sketch.name, files),
        size_bytes=sum(map(len, files.values())),
        created_at=now,
    )


def add_revision(
    session: Session,
    *,
    sketch: Sketch,
    base_revision: int,
    name: str,
    files: Mapping[str, bytes],
    parts: SketchParts,
) -> None:
    """Store sources as the revision after `base_revision`, under the sketch's name from now on.

    Raises:
        Conflict: somebody saved after `base_revision`.
        NotFound: the sketch was deleted meanwhile.
        Unavailable: the disk is full.
    """
    digest = snapshot_digest(name, files)
    parts.store.put(SketchId(sketch.id), digest, files)
    now = parts.clock.now()
    with writing(session):
        _lock(session, sketch)
        check_base(sketch, base_revision)
        sketch.revision, sketch.name, sketch.updated_at = base_revision + 1, name, now
        session.add(new_revision(sketch, files, now))
        session.flush()
        _prune(session, sketch, parts.store)
    # Pruning elsewhere may have taken the same sources away between storing and naming them.
    parts.store.put(SketchId(sketch.id), digest, files)


def _lock(session: Session, sketch: Sketch) -> None:
    query = select(Sketch).where(Sketch.id == sketch.id).with_for_update()
    if session.scalar(query.execution_options(populate_existing=True)) is None:
        raise NotFound("no_such_sketch", "This sketch was deleted elsewhere.")


def _prune(session: Session, sketch: Sketch, store: SketchStore) -> None:
    """Drop revisions beyond the newest ones, and sources that only those had."""
    old = SketchRevision.sketch_id == sketch.id, SketchRevision.number <= sketch.revision - MAX_REVISIONS
    dropped = set(session.scalars(select(SketchRevision.digest).where(*old)))
    if not dropped:
        return
    session.execute(delete(SketchRevision).where(*old))
    kept = select(SketchRevision.digest).where(
        SketchRevision.sketch_id == sketch.id, SketchRevision.digest.in_(dropped)
    )
    for digest in dropped - set(session.scalars(kept)):
        store.forget(SketchId(sketch.id), digest)
