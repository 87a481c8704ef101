"""Sketches and revisions as pages see them, without their sources."""

from typing_extensions import TypedDict

from app.kernel.payload_types import FqbnText, IsoTime, RowId, Sha256Hex
from app.kernel.times import iso
from app.sketches.tables import Sketch, SketchRevision


class SketchPayload(TypedDict):
    """A sketch without its sources; `revision` is the number of its newest revision."""

    id: RowId
    name: str
    fqbn: FqbnText
    revision: int
    created_at: IsoTime
    updated_at: IsoTime


class RevisionPayload(TypedDict):
    """One saved state of a sketch; `sketch_name` is the name it had then."""

    sketch_id: RowId
    number: int
    sketch_name: str
    digest: Sha256Hex
    size_bytes: int
    created_at: IsoTime


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
