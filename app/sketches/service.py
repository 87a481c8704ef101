"""Sketches: create, save as revisions, read, rename, delete.

A save names the revision it is based on; one that is based on an older revision is refused, so
nobody's work is written over.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.service import lock_account
from app.events.names import EventName, account_room
from app.events.publisher import EventPublisher
from app.kernel.actor import AccountId, Actor
from app.kernel.clock import Clock
from app.kernel.errors import AppError, Conflict, LimitExceeded, NotFound
from app.kernel.transaction import writing
from app.sketches import revisions
from app.sketches.payload import of_sketch
from app.sketches.revisions import ListedRevision, SourcesInUse
from app.sketches.rules import MAX_SKETCHES, SketchId, free_name, parse_sketch_name
from app.sketches.sources import Sources, digest_of
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain.rules import VIRTUAL_FQBN, Fqbn, parse_fqbn


def get(session: Session, *, account_id: AccountId, sketch_id: str) -> Sketch:
    """One sketch of an account.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return _found(
        session.scalar(select(Sketch).where(Sketch.id == sketch_id, Sketch.account_id == account_id))
    )


class Sketches:
    """The sketches of all accounts; everybody reaches their own only.

    Args:
        sources_in_use: the digests of a sketch's sources that must not be pruned.
    """

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        store: SketchStore,
        sources_in_use: SourcesInUse,
        events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._store = store
        self._sources_in_use = sources_in_use
        self._events = events
        self._clock = clock

    def list_sketches(self, actor: Actor) -> list[Sketch]:
        """The sketches of an account, the last changed first."""
        query = select(Sketch).where(Sketch.account_id == actor.account_id)
        return list(self._sessions().scalars(query.order_by(Sketch.updated_at.desc(), Sketch.name)))

    def get(self, actor: Actor, sketch_id: str) -> Sketch:
        """One sketch.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        return get(self._sessions(), account_id=actor.account_id, sketch_id=sketch_id)

    def create(
        self, actor: Actor, sources: Sources, *, fqbn: str = VIRTUAL_FQBN, any_free_name: bool = False
    ) -> Sketch:
        """Make a sketch with its first revision.

        Args:
            any_free_name: a taken name gets `-2`, `-3`, … instead of a refusal.
        Raises:
            Invalid: the board is not allowed.
            Conflict: the account has a sketch of this name.
            LimitExceeded: too many sketches.
            Unavailable: the disk is full.
        """
        session, board, now = self._sessions(), parse_fqbn(fqbn), self._clock.now()
        sketch_id = SketchId(uuid4().hex)
        try:
            with writing(session):
                lock_account(session, actor.account_id)
                names = _names(session, actor.account_id)
                if any_free_name:
                    sources = sources.renamed(free_name(sources.sketch_name, names))
                _check_new(names, sources.sketch_name)
                sketch = _new_sketch(sketch_id, actor, sources.sketch_name, board, now)
                session.add(sketch)
                session.flush()
                revisions.add(session, sketch=sketch, sources=sources, store=self._store, now=now)
        except (IntegrityError, AppError) as error:
            self._store.remove(sketch_id)
            if isinstance(error, AppError):
                raise
            raise _name_taken(sources.sketch_name) from None
        self._announce(sketch)
        return sketch

    def read(self, actor: Actor, sketch_id: str) -> tuple[Sketch, dict[str, bytes]]:
        """A sketch and its newest sources.

        Raises:
            NotFound: no such sketch of this account.
        """
        session = self._sessions()
        sketch = get(session, account_id=actor.account_id, sketch_id=sketch_id)
        return sketch, self._store.get(sketch.id, revisions.newest(session, sketch=sketch).digest)

    def save(self, actor: Actor, sketch_id: str, *, base_revision: int, files: Mapping[str, bytes]) -> Sketch:
        """Store the sources as a new revision; unchanged sources make none.

        Args:
            base_revision: the revision the sources were made from.
        Raises:
            NotFound: no such sketch of this account.
            Conflict: `newer_revision`: somebody saved after `base_revision`; `details` name theirs.
            Invalid: a file is not allowed.
            LimitExceeded: too many files, or too large.
            Unavailable: the disk is full.
        """
        session = self._sessions()
        with writing(session):
            sketch = _lock(session, actor, sketch_id)
            newest = revisions.newest(session, sketch=sketch)
            if sketch.revision != base_revision:
                _check_resent(sketch, newest, files)
                return sketch
            sources = Sources(sketch_name=sketch.name, files=files)
            if sources.digest == newest.digest:
                return sketch
            self._add_revision(session, sketch, sources)
        self._announce(sketch)
        return sketch

    def change(
        self, actor: Actor, sketch_id: str, *, name: str | None = None, fqbn: str | None = None
    ) -> Sketch:
        """Rename a sketch and its main file, as a new revision, or choose its board; all or nothing.

        Raises:
            NotFound: no such sketch of this account.
            Invalid: the name is not allowed, or another file has it; or not an FQBN.
            Conflict: another sketch has the name.
        """
        board = None if fqbn is None else parse_fqbn(fqbn)
        if name is not None:
            parse_sketch_name(name)
        session = self._sessions()
        try:
            with writing(session):
                sketch = _lock(session, actor, sketch_id)
                if name not in {None, sketch.name}:
                    self._rename(session, sketch, str(name))
                if board is not None:
                    sketch.fqbn, sketch.updated_at = board, self._clock.now()
        except IntegrityError:
            raise _name_taken(name or "") from None
        self._announce(sketch)
        return sketch

    def remove(self, actor: Actor, sketch_id: str) -> None:
        """Delete a sketch with all its revisions; finished builds stay.

        Raises:
            NotFound: no such sketch of this account.
        """
        session = self._sessions()
        with writing(session):
            sketch = get(session, account_id=actor.account_id, sketch_id=sketch_id)
            session.delete(sketch)
        self._store.remove(sketch.id)

    def list_revisions(
        self, actor: Actor, sketch_id: str, *, before: int | None = None
    ) -> tuple[list[ListedRevision], int | None]:
        """The kept revisions of a sketch, newest first, one page.

        Args:
            before: list only those with a lower number; None starts with the newest.
        Returns:
            The revisions, and the `before` of the next page; None at the end.
        Raises:
            NotFound: no such sketch of this account.
        """
        session = self._sessions()
        sketch = get(session, account_id=actor.account_id, sketch_id=sketch_id)
        return revisions.list_page(session, sketch=sketch, store=self._store, before=before)

    def read_revision(
        self, actor: Actor, sketch_id: str, number: int
    ) -> tuple[SketchRevision, dict[str, bytes]]:
        """One revision and its sources.

        Raises:
            NotFound: no such sketch of this account, or the revision is no longer kept.
        """
        session = self._sessions()
        sketch = get(session, account_id=actor.account_id, sketch_id=sketch_id)
        revision = session.get(SketchRevision, (sketch.id, number))
        if revision is None:
            raise NotFound("no_such_revision", "This revision is no longer available.")
        return revision, self._store.get(sketch.id, revision.digest)

    def _rename(self, session: Session, sketch: Sketch, name: str) -> None:
        if name in _names(session, sketch.account_id):
            raise _name_taken(name)
        files = self._store.get(sketch.id, revisions.newest(session, sketch=sketch).digest)
        self._add_revision(session, sketch, Sources(sketch_name=sketch.name, files=files).renamed(name))

    def _add_revision(self, session: Session, sketch: Sketch, sources: Sources) -> None:
        """Make these sources the newest of a locked sketch, and drop the oldest revisions."""
        now = self._clock.now()
        sketch.revision, sketch.name, sketch.updated_at = sketch.revision + 1, sources.sketch_name, now
        revisions.add(session, sketch=sketch, sources=sources, store=self._store, now=now)
        in_use = self._sources_in_use(session, sketch.id)
        revisions.prune(session, sketch=sketch, store=self._store, in_use=in_use)

    def _announce(self, sketch: Sketch) -> None:
        rooms = [account_room(sketch.account_id)]
        self._events.publish(EventName.SKETCH_SAVED, rooms, dict(of_sketch(sketch)))


def _lock(session: Session, actor: Actor, sketch_id: str) -> Sketch:
    """The sketch as it is now, held until the transaction ends: its revisions and sources with it."""
    query = select(Sketch).where(Sketch.id == sketch_id, Sketch.account_id == actor.account_id)
    return _found(session.scalar(query.with_for_update().execution_options(populate_existing=True)))


def _found(sketch: Sketch | None) -> Sketch:
    if sketch is None:
        raise NotFound("no_such_sketch", "There is no such sketch.")
    return sketch


def _check_resent(sketch: Sketch, newest: SketchRevision, files: Mapping[str, bytes]) -> None:
    """Refuse sources made from an older revision, unless they are the newest: then an answer was lost."""
    if digest_of(sketch.name, files) != newest.digest:
        raise Conflict(
            "newer_revision",
            "This sketch was saved elsewhere since you opened it. Compare the two versions, then save again.",
            {"revision": sketch.revision},
        )


def _new_sketch(sketch_id: SketchId, actor: Actor, name: str, fqbn: Fqbn, now: datetime) -> Sketch:
    return Sketch(
        id=sketch_id,
        account_id=actor.account_id,
        name=name,
        fqbn=fqbn,
        revision=1,
        created_at=now,
        updated_at=now,
    )


def _names(session: Session, account_id: AccountId) -> set[str]:
    return set(session.scalars(select(Sketch.name).where(Sketch.account_id == account_id)))


def _check_new(names: set[str], name: str) -> None:
    if len(names) >= MAX_SKETCHES:
        raise LimitExceeded(
            "too_many_sketches",
            f"You already have {MAX_SKETCHES} sketches, the maximum. Delete one first.",
            {"limit": MAX_SKETCHES},
        )
    if name in names:
        raise _name_taken(name)


def _name_taken(name: str) -> Conflict:
    return Conflict("sketch_name_taken", f"You already have a sketch “{name}”.", {"name": name})
