"""Revisions: every saved state of a sketch, the newest ones kept.

The caller holds the sketch's row locked while revisions are added and pruned. So sources are stored
before the row that names them is committed, and nobody prunes them in between.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound, Unavailable
from app.sketches.rules import MAX_REVISIONS, FileChange, SketchId, file_changes, renamed
from app.sketches.sources import Sources
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch, SketchRevision

SourcesInUse = Callable[[Session, SketchId], Collection[str]]

PAGE_ROWS = 30
"""How many revisions are listed at a time: the sources of each are read to find its changes."""


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


def list_page(
    session: Session, *, sketch: Sketch, store: SketchStore, before: int | None
) -> tuple[list[ListedRevision], int | None]:
    """See `Sketches.list_revisions`."""
    query = select(SketchRevision).where(SketchRevision.sketch_id == sketch.id)
    if before is not None:
        query = query.where(SketchRevision.number < before)
    # One more than is listed: the last one, too, is compared with the one before it.
    rows = list(session.scalars(query.order_by(SketchRevision.number.desc()).limit(PAGE_ROWS + 1)))
    states = [(row, _sources(row, store)) for row in rows]
    pairs = zip(states, [*states, None][1:], strict=True)
    listed = [_listed(*state, *(previous or (None, None))) for state, previous in pairs]
    return listed[:PAGE_ROWS], rows[PAGE_ROWS - 1].number if len(rows) > PAGE_ROWS else None


def add(session: Session, *, sketch: Sketch, sources: Sources, store: SketchStore, now: datetime) -> None:
    """Store the present state of a locked sketch as its revision `sketch.revision`.

    Raises:
        Unavailable: the disk is full.
    """
    store.put(sketch.id, sources)
    session.add(
        SketchRevision(
            sketch_id=sketch.id,
            number=sketch.revision,
            sketch_name=sources.sketch_name,
            digest=sources.digest,
            size_bytes=sources.size_bytes,
            created_at=now,
        )
    )
    session.flush()


def prune(session: Session, *, sketch: Sketch, store: SketchStore, in_use: Collection[str]) -> None:
    """Delete a locked sketch's oldest revisions beyond the limit, and sources that only they used.

    Args:
        in_use: digests whose revisions stay until a later pruning.
    """
    old = (
        SketchRevision.sketch_id == sketch.id,
        SketchRevision.number <= sketch.revision - MAX_REVISIONS,
        SketchRevision.digest.not_in(in_use),
    )
    dropped = set(session.scalars(select(SketchRevision.digest).where(*old)))
    if not dropped:
        return
    session.execute(delete(SketchRevision).where(*old))
    kept = select(SketchRevision.digest).where(
        SketchRevision.sketch_id == sketch.id, SketchRevision.digest.in_(dropped)
    )
    for digest in dropped - set(session.scalars(kept)):
        store.forget(sketch.id, digest)


def _sources(row: SketchRevision, store: SketchStore) -> dict[str, bytes] | None:
    try:
        return store.get(row.sketch_id, row.digest)
    except (NotFound, Unavailable):
        # One revision that cannot be read must not hide the others.
        return None


def _listed(
    row: SketchRevision,
    files: Mapping[str, bytes] | None,
    previous: SketchRevision | None,
    past: Mapping[str, bytes] | None,
) -> ListedRevision:
    name_before = previous.sketch_name if previous else row.sketch_name
    if row.number == 1:
        past = {}
    elif past is not None:
        past = renamed(past, name_before, row.sketch_name)
    return ListedRevision(
        row=row,
        renamed_from="" if name_before == row.sketch_name else name_before,
        changes=None if files is None or past is None else file_changes(past, files),
    )
