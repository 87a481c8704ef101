"""Sketches and revisions as pages see them, without their sources."""

from typing_extensions import TypedDict

from app.kernel.times import iso
from app.sketches.tables import Sketch, SketchRevision


class SketchPayload(TypedDict):
    """A sketch without its sources; `revision` is the number of its newest revision."""

    id: str
    name: str
    fqbn: str
    revision: int
    created_at: str
    updated_at: str


class RevisionPayload(TypedDict):
    """One saved state of a sketch; `sketch_name` is the name it had then."""

    sketch_id: str
    number: int
    sketch_name: str
    digest: str
    size_bytes: int
    created_at: str


def of_sketch(row: Sketch) -> SketchPayload:
    """A sketch."""
    return {
        "id": row.id,
        "name": row.name,
        "fqbn": row.fqbn,
        "revision": row.revision,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
    }


def of_revision(row: SketchRevision) -> RevisionPayload:
    """A revision."""
    return {
        "sketch_id": row.sketch_id,
        "number": row.number,
        "sketch_name": row.sketch_name,
        "digest": row.digest,
        "size_bytes": row.size_bytes,
        "created_at": iso(row.created_at),
    }
