"""Sketches: names, boards, saves from two tabs, and that nobody reaches what is somebody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.tables import Build
from app.events.names import EventName
from app.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound, Unavailable
from app.sketches import rules
from app.sketches import service as sketches
from app.sketches.revisions import SketchParts
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain.rules import VIRTUAL_FQBN
from tests.factories import make_account, make_build, reread
from tests.fakes import FixedClock, MemorySketchStore, RecordingEvents

MAIN = "Blink.ino"


@pytest.fixture
def parts(sketch_store: MemorySketchStore, events: RecordingEvents, clock: FixedClock) -> SketchParts:
    return SketchParts(store=sketch_store, events=events, clock=clock)


def save(session: Session, sketch: Sketch, base: int, text: str, parts: SketchParts) -> Sketch:
    return sketches.save(
        session,
        account_id=sketch.account_id,
        sketch_id=sketch.id,
        base_revision=base,
        files={rules.main_file(sketch.name): text.encode()},
        parts=parts,
    )


def newest_text(session: Session, sketch: Sketch, parts: SketchParts) -> str:
    row, files = sketches.read(session, account_id=sketch.account_id, sketch_id=sketch.id, store=parts.store)
    return files[rules.main_file(row.name)].decode()


def test_a_new_sketch_is_empty_and_for_the_virtual_board(
    session: Session, owner: Account, parts: SketchParts, events: RecordingEvents
) -> None:
    sketch = sketches.create(session, account_id=owner.id, name="Blink", parts=parts)
    assert (sketch.name, sketch.revision, sketch.fqbn) == ("Blink", 1, VIRTUAL_FQBN)
    assert newest_text(session, sketch, parts) == rules.NEW_SKETCH
    event = events.named(EventName.SKETCH_SAVED)[0]
    assert event.rooms == (f"account:{owner.id}",)
    assert (event.body["id"], event.body["revision"]) == (sketch.id, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"name": "a b"},
        {"name": "con"},
        {"fqbn": "nonsense"},
        {"files": {"Blink.ino": b"", "sketch.yaml": b""}},
    ],
)
def test_a_sketch_that_breaks_a_rule_is_not_made(
    session: Session, owner: Account, parts: SketchParts, values: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        sketches.create(session, account_id=owner.id, **{"name": "Blink", **values}, parts=parts)  # type: ignore[arg-type]
    assert session.scalars(select(Sketch)).all() == []


def test_a_taken_name_is_refused_in_the_same_account_only(
    session: Session, owner: Account, sketch: Sketch, parts: SketchParts
) -> None:
    with pytest.raises(Conflict) as refusal:
        sketches.create(session, account_id=owner.id, name="Blink", parts=parts)
    assert refusal.value.code == "sketch_name_taken"
    other = make_account(session)
    assert sketches.create(session, account_id=other.id, name="Blink", parts=parts).name == "Blink"


def test_where_any_free_name_will_do_a_number_is_added_and_the_main_file_goes_along(
    session: Session, owner: Account, sketch: Sketch, parts: SketchParts
) -> None:
    names = [
        sketches.create(
            session,
            account_id=owner.id,
            name="Blink",
            files={MAIN: b"// mine"},
            any_free_name=True,
            parts=parts,
        ).name
        for _ in range(2)
    ]
    assert names == ["Blink-2", "Blink-3"]
    third = session.scalars(select(Sketch).where(Sketch.name == "Blink-3")).one()
    assert newest_text(session, third, parts) == "// mine"


def test_an_account_has_a_limited_number_of_sketches(
    session: Session, owner: Account, sketch: Sketch, parts: SketchParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketches, "MAX_SKETCHES", 2)
    sketches.create(session, account_id=owner.id, name="Two", parts=parts)
    with pytest.raises(LimitExceeded) as refusal:
        sketches.create(session, account_id=owner.id, name="Three", parts=parts)
    assert refusal.value.code == "too_many_sketches"


def test_a_full_disk_makes_no_sketch_and_no_revision(
    session: Session, owner: Account, sketch: Sketch, parts: SketchParts, sketch_store: MemorySketchStore
) -> None:
    sketch_store.full = True
    with pytest.raises(Unavailable):
        sketches.create(session, account_id=owner.id, name="Two", parts=parts)
    with pytest.raises(Unavailable):
        save(session, sketch, 1, "// lost?", parts)
    assert len(session.scalars(select(Sketch)).all()) == 1
    assert reread(session, sketch).revision == 1


def test_of_two_new_sketches_of_one_name_at_once_one_is_refused_and_leaves_nothing(
    session: Session,
    owner: Account,
    parts: SketchParts,
    sketch_store: MemorySketchStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = sketch_store.put

    def put(*args: Any) -> None:
        monkeypatch.setattr(sketch_store, "put", real)
        sketches.create(session, account_id=owner.id, name="Blink", parts=parts)
        real(*args)

    monkeypatch.setattr(sketch_store, "put", put)
    with pytest.raises(Conflict) as refusal:
        sketches.create(session, account_id=owner.id, name="Blink", parts=parts)
    assert refusal.value.code == "sketch_name_taken"
    assert len(sketch_store.stored) == 1


def test_sketches_are_listed_last_changed_first(
    session: Session, owner: Account, parts: SketchParts, clock: FixedClock
) -> None:
    first = sketches.create(session, account_id=owner.id, name="First", parts=parts)
    clock.tick()
    sketches.create(session, account_id=owner.id, name="Second", parts=parts)
    clock.tick()
    save(session, first, 1, "// changed", parts)
    listed = sketches.list_sketches(session, account_id=owner.id)
    assert [sketch.name for sketch in listed] == ["First", "Second"]


def test_each_save_is_a_revision(
    session: Session, sketch: Sketch, parts: SketchParts, events: RecordingEvents, clock: FixedClock
) -> None:
    clock.tick()
    saved = save(session, sketch, 1, "// two", parts)
    assert (saved.revision, saved.updated_at) == (2, clock.now())
    assert newest_text(session, sketch, parts) == "// two"
    assert events.bodies(EventName.SKETCH_SAVED)[-1]["revision"] == 2


def test_the_same_sources_again_are_no_new_revision(
    session: Session, sketch: Sketch, parts: SketchParts, events: RecordingEvents
) -> None:
    assert save(session, sketch, 1, rules.NEW_SKETCH, parts).revision == 1
    assert events.events == []


def test_a_save_whose_answer_was_lost_can_be_sent_again(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    assert save(session, sketch, 1, "// two", parts).revision == 2
    assert save(session, sketch, 1, "// two", parts).revision == 2


def test_the_later_of_two_tabs_is_told_of_the_newer_revision_and_nothing_is_lost(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    save(session, sketch, 1, "// first tab", parts)
    with pytest.raises(Conflict) as refusal:
        save(session, sketch, 1, "// second tab", parts)
    assert refusal.value.code == "newer_revision"
    assert refusal.value.details == {"revision": 2}
    assert newest_text(session, sketch, parts) == "// first tab"
    assert save(session, sketch, 2, "// both", parts).revision == 3


def test_a_save_from_the_future_is_refused(session: Session, sketch: Sketch, parts: SketchParts) -> None:
    with pytest.raises(Conflict):
        save(session, sketch, 7, "// seven", parts)


def test_going_back_to_older_sources_is_a_revision_of_its_own(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    save(session, sketch, 1, "// two", parts)
    assert save(session, sketch, 2, rules.NEW_SKETCH, parts).revision == 3
    digests = session.scalars(select(SketchRevision.digest).order_by(SketchRevision.number)).all()
    assert digests[0] == digests[2] != digests[1]


def test_a_save_that_breaks_a_rule_stores_nothing(
    session: Session, sketch: Sketch, parts: SketchParts, sketch_store: MemorySketchStore
) -> None:
    before = dict(sketch_store.stored)
    with pytest.raises(Invalid):
        sketches.save(
            session,
            account_id=sketch.account_id,
            sketch_id=sketch.id,
            base_revision=1,
            files={MAIN: b"", "build_opt.h": b"-wrapper sh"},
            parts=parts,
        )
    assert sketch_store.stored == before


def test_a_rename_takes_the_main_file_along_as_a_new_revision(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    renamed = sketches.rename(
        session, account_id=sketch.account_id, sketch_id=sketch.id, name="Wink", parts=parts
    )
    assert (renamed.name, renamed.revision) == ("Wink", 2)
    row, files = sketches.read(session, account_id=sketch.account_id, sketch_id=sketch.id, store=parts.store)
    assert set(files) == {"Wink.ino"}
    assert session.get_one(SketchRevision, (row.id, 1)).sketch_name == "Blink"


def test_a_rename_to_the_same_name_changes_nothing(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    same = sketches.rename(
        session, account_id=sketch.account_id, sketch_id=sketch.id, name="Blink", parts=parts
    )
    assert same.revision == 1


def test_a_rename_to_a_taken_name_is_refused(
    session: Session, owner: Account, sketch: Sketch, parts: SketchParts
) -> None:
    sketches.create(session, account_id=owner.id, name="Wink", parts=parts)
    with pytest.raises(Conflict) as refusal:
        sketches.rename(session, account_id=owner.id, sketch_id=sketch.id, name="Wink", parts=parts)
    assert refusal.value.code == "sketch_name_taken"
    assert reread(session, sketch).name == "Blink"


def test_a_tab_that_missed_a_rename_learns_of_it_before_it_saves(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    sketches.rename(session, account_id=sketch.account_id, sketch_id=sketch.id, name="Wink", parts=parts)
    with pytest.raises(Conflict) as refusal:
        sketches.save(
            session,
            account_id=sketch.account_id,
            sketch_id=sketch.id,
            base_revision=1,
            files={MAIN: b"// old name"},
            parts=parts,
        )
    assert refusal.value.code == "newer_revision"


def test_the_board_is_changed_without_a_new_revision(
    session: Session, sketch: Sketch, parts: SketchParts, events: RecordingEvents
) -> None:
    fqbn = "esp32:esp32:esp32"
    changed = sketches.set_board(
        session, account_id=sketch.account_id, sketch_id=sketch.id, fqbn=fqbn, parts=parts
    )
    assert (changed.fqbn, changed.revision) == (fqbn, 1)
    assert events.bodies(EventName.SKETCH_SAVED)[0]["fqbn"] == fqbn


def test_a_deleted_sketch_is_gone_with_its_sources_and_its_builds_stay(
    session: Session, owner: Account, sketch: Sketch, parts: SketchParts, sketch_store: MemorySketchStore
) -> None:
    build = make_build(session, account=owner, sketch=sketch)
    sketches.remove(session, account_id=owner.id, sketch_id=sketch.id, store=sketch_store)
    assert sketch_store.stored == {}
    assert session.scalars(select(SketchRevision)).all() == []
    assert reread(session, build).sketch_id is None
    with pytest.raises(NotFound):
        save(session, sketch, 1, "// too late", parts)
    assert session.scalars(select(Build)).all() == [build]


@pytest.mark.parametrize(
    "call",
    [
        lambda session, who, what, parts: sketches.get(session, account_id=who, sketch_id=what),
        lambda session, who, what, parts: sketches.read(
            session, account_id=who, sketch_id=what, store=parts.store
        ),
        lambda session, who, what, parts: sketches.save(
            session, account_id=who, sketch_id=what, base_revision=1, files={MAIN: b"//"}, parts=parts
        ),
        lambda session, who, what, parts: sketches.rename(
            session, account_id=who, sketch_id=what, name="Mine", parts=parts
        ),
        lambda session, who, what, parts: sketches.set_board(
            session, account_id=who, sketch_id=what, fqbn=VIRTUAL_FQBN, parts=parts
        ),
        lambda session, who, what, parts: sketches.remove(
            session, account_id=who, sketch_id=what, store=parts.store
        ),
    ],
)
def test_somebody_elses_sketch_and_an_unknown_one_look_alike(
    session: Session,
    sketch: Sketch,
    parts: SketchParts,
    call: Callable[[Session, str, str, SketchParts], object],
) -> None:
    stranger = make_account(session)
    answers = set()
    for sketch_id in (sketch.id, "0" * 32):
        with pytest.raises(NotFound) as refusal:
            call(session, stranger.id, sketch_id, parts)
        answers.add((refusal.value.code, refusal.value.message))
    assert answers == {("no_such_sketch", "There is no such sketch.")}
    assert reread(session, sketch).revision == 1
