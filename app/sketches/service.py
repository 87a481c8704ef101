"""Sketches: create, save as revisions, read, rename, delete.

A save names the revision it is based on; one that is based on an older revision is refused, so
nobody's work is written over.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.events.names import EventName, account_room
from app.kernel.errors import AppError, Conflict, LimitExceeded, NotFound
from app.kernel.transaction import writing
from app.sketches.payload import of_sketch
from app.sketches.revisions import SketchParts, add_revision, check_base, new_revision, newest
from app.sketches.rules import (
    MAX_SKETCHES,
    NEW_SKETCH,
    SketchId,
    check_files,
    free_name,
    main_file,
    parse_sketch_name,
    renamed,
    snapshot_digest,
)
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch
from app.toolchain.rules import VIRTUAL_FQBN, Fqbn, parse_fqbn


def list_sketches(session: Session, *, account_id: str) -> list[Sketch]:
    """The sketches of an account, the last changed first."""
    query = select(Sketch).where(Sketch.account_id == account_id)
    return list(session.scalars(query.order_by(Sketch.updated_at.desc(), Sketch.name)))


def get(session: Session, *, account_id: str, sketch_id: str) -> Sketch:
    """One sketch of an account.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    sketch = session.scalar(select(Sketch).where(Sketch.id == sketch_id, Sketch.account_id == account_id))
    if sketch is None:
        raise NotFound("no_such_sketch", "There is no such sketch.")
    return sketch


def create(
    session: Session,
    *,
    account_id: str,
    name: str,
    files: Mapping[str, bytes] | None = None,
    fqbn: str = VIRTUAL_FQBN,
    any_free_name: bool = False,
    parts: SketchParts,
) -> Sketch:
    """Make a sketch with its first revision.

    Args:
        files: its sources; None makes an empty `setup` and `loop`.
        any_free_name: a taken name gets `-2`, `-3`, … instead of a refusal.
    Raises:
        Invalid: the name, the board or a file is not allowed.
        Conflict: the account has a sketch of this name.
        LimitExceeded: too many sketches or files, or too large.
        Unavailable: the disk is full.
    """
    parse_sketch_name(name)
    board = parse_fqbn(fqbn)
    names = _names(session, account_id)
    final = free_name(name, names) if any_free_name else name
    _check_new(names, final)
    sources = renamed(files, name, final) if files else {main_file(final): NEW_SKETCH.encode()}
    check_files(final, sources)
    sketch = _new_sketch(account_id, final, board, parts.clock.now())
    _store_new(session, sketch, sources, parts)
    _announce(sketch, parts)
    return sketch


def read(
    session: Session, *, account_id: str, sketch_id: str, store: SketchStore
) -> tuple[Sketch, dict[str, bytes]]:
    """A sketch and its newest sources.

    Raises:
        NotFound: no such sketch of this account.
    """
    sketch = get(session, account_id=account_id, sketch_id=sketch_id)
    revision = newest(session, sketch=sketch)
    return sketch, store.get(SketchId(sketch.id), revision.digest)


def save(
    session: Session,
    *,
    account_id: str,
    sketch_id: str,
    base_revision: int,
    files: Mapping[str, bytes],
    parts: SketchParts,
) -> Sketch:
    """Store the sources as a new revision; the same sources again are no new one.

    Args:
        base_revision: the revision the sources were made from.
    Raises:
        NotFound: no such sketch of this account.
        Conflict: `newer_revision`: somebody saved after `base_revision`; `details` name theirs.
        Invalid: a file is not allowed.
        LimitExceeded: too many files, or too large.
        Unavailable: the disk is full.
    """
    sketch = get(session, account_id=account_id, sketch_id=sketch_id)
    if snapshot_digest(sketch.name, files) == newest(session, sketch=sketch).digest:
        return sketch
    check_base(sketch, base_revision)
    check_files(sketch.name, files)
    add_revision(
        session, sketch=sketch, base_revision=base_revision, name=sketch.name, files=files, parts=parts
    )
    _announce(sketch, parts)
    return sketch


def rename(session: Session, *, account_id: str, sketch_id: str, name: str, parts: SketchParts) -> Sketch:
    """Give a sketch another name; its main file goes along, as a new revision.

    Raises:
        NotFound: no such sketch of this account.
        Invalid: the name is not allowed, or another file has it.
        Conflict: another sketch has it; or somebody saved at the same moment.
    """
    parse_sketch_name(name)
    sketch, files = read(session, account_id=account_id, sketch_id=sketch_id, store=parts.store)
    if name == sketch.name:
        return sketch
    if name in _names(session, account_id):
        raise _name_taken(name)
    sources = renamed(files, sketch.name, name)
    check_files(name, sources)
    try:
        add_revision(
            session, sketch=sketch, base_revision=sketch.revision, name=name, files=sources, parts=parts
        )
    except IntegrityError:
        raise _name_taken(name) from None
    _announce(sketch, parts)
    return sketch


def set_board(session: Session, *, account_id: str, sketch_id: str, fqbn: str, parts: SketchParts) -> Sketch:
    """Choose the board of a sketch.

    Raises:
        NotFound: no such sketch of this account.
        Invalid: not an FQBN.
    """
    board = parse_fqbn(fqbn)
    with writing(session):
        sketch = get(session, account_id=account_id, sketch_id=sketch_id)
        sketch.fqbn = board
        sketch.updated_at = parts.clock.now()
    _announce(sketch, parts)
    return sketch


def remove(session: Session, *, account_id: str, sketch_id: str, store: SketchStore) -> None:
    """Delete a sketch with all its revisions; finished builds stay.

    Raises:
        NotFound: no such sketch of this account.
    """
    with writing(session):
        sketch = get(session, account_id=account_id, sketch_id=sketch_id)
        session.delete(sketch)
    store.remove(SketchId(sketch_id))


def _new_sketch(account_id: str, name: str, fqbn: Fqbn, now: datetime) -> Sketch:
    return Sketch(
        id=uuid4().hex,
        account_id=account_id,
        name=name,
        fqbn=fqbn,
        revision=1,
        created_at=now,
        updated_at=now,
    )


def _store_new(session: Session, sketch: Sketch, files: Mapping[str, bytes], parts: SketchParts) -> None:
    revision = new_revision(sketch, files, sketch.created_at)
    parts.store.put(SketchId(sketch.id), revision.digest, files)
    try:
        with writing(session):
            _check_new(_names(session, sketch.account_id), sketch.name)
            session.add(sketch)
            session.flush()
            session.add(revision)
    except (IntegrityError, AppError) as error:
        parts.store.remove(SketchId(sketch.id))
        if isinstance(error, AppError):
            raise
        raise _name_taken(sketch.name) from None


def _names(session: Session, account_id: str) -> set[str]:
    return set(session.scalars(select(Sketch.name).where(Sketch.account_id == account_id)))


def _check_new(names: set[str], name: str) -> None:
    if len(names) >= MAX_SKETCHES:
        raise LimitExceeded(
            "too_many_sketches",
            f"You have {MAX_SKETCHES} sketches. Delete one to make room.",
            {"limit": MAX_SKETCHES},
        )
    if name in names:
        raise _name_taken(name)


def _name_taken(name: str) -> Conflict:
    return Conflict("sketch_name_taken", f"You have a sketch “{name}” already.", {"name": name})


def _announce(sketch: Sketch, parts: SketchParts) -> None:
    parts.events.publish(EventName.SKETCH_SAVED, [account_room(sketch.account_id)], dict(of_sketch(sketch)))
