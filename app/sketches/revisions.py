"""Revisions: every saved state of a sketch, the newest ones kept.

Sources are stored before the row that names them is committed, so a revision never lacks them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, NotFound, Unavailable
from app.kernel.transaction import writing
from app.sketches.rules import MAX_REVISIONS, FileChange, SketchId, file_changes, renamed, snapshot_digest
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch, SketchRevision

PAGE_ROWS = 30
"""How many revisions are listed at a time: for each the sources are read, to say what it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchParts:
    """The outside parts that sketches need."""

    store: SketchStore
    events: EventPublisher
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRevision:
    """A revision, and what it did to the one before.

    Attributes:
        renamed_from: the sketch's name before; empty if it stayed.
        changes: by path; None if the sources of the one before are no longer there.
    """

    row: SketchRevision
    renamed_from: str
    changes: Mapping[str, FileChange] | None


def newest(session: Session, *, sketch: Sketch) -> SketchRevision:
    """The newest revision of a sketch."""
    return session.get_one(SketchRevision, (sketch.id, sketch.revision))


def list_revisions(
    session: Session, *, sketch: Sketch, store: SketchStore, before: int | None = None
) -> tuple[list[ListedRevision], int | None]:
    """The kept revisions of a sketch, newest first, one page.

    Args:
        before: list only those with a lower number; None begins with the newest.

    Returns:
        The revisions, and the `before` of the next page; None at the end.
    """
    query = select(SketchRevision).where(SketchRevision.sketch_id == sketch.id)
    if before is not None:
        query = query.where(SketchRevision.number < before)
    # One more than is listed: the last one, too, is compared with the one before it.
    rows = list(session.scalars(query.order_by(SketchRevision.number.desc()).limit(PAGE_ROWS + 1)))
    states = [(row, _sources(row, store)) for row in rows]
    pairs = zip(states, [*states, None][1:], strict=True)
    listed = [_listed(*state, *(former or (None, None))) for state, former in pairs]
    return listed[:PAGE_ROWS], rows[PAGE_ROWS - 1].number if len(rows) > PAGE_ROWS else None


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


def _sources(row: SketchRevision, store: SketchStore) -> dict[str, bytes] | None:
    try:
        return store.get(SketchId(row.sketch_id), row.digest)
    except (NotFound, Unavailable):
        # One revision that cannot be read must not hide the others.
        return None


def _listed(
    row: SketchRevision,
    files: Mapping[str, bytes] | None,
    former: SketchRevision | None,
    past: Mapping[str, bytes] | None,
) -> ListedRevision:
    name_before = former.sketch_name if former else row.sketch_name
    if row.number == 1:
        past = {}
    elif past is not None:
        past = renamed(past, name_before, row.sketch_name)
    return ListedRevision(
        row=row,
        renamed_from="" if name_before == row.sketch_name else name_before,
        changes=None if files is None or past is None else file_changes(past, files),
    )


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
