"""Sketches: names, boards, saves from two tabs, and that nobody reaches what is somebody else's."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.tables import Build
from app.events.names import EventName
from app.kernel.actor import Actor
from app.kernel.database import make_sessions
from app.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound, Unavailable
from app.sketches import rules, service
from app.sketches.service import Sketches
from app.sketches.sources import Sources
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain.rules import VIRTUAL_FQBN
from tests.factories import actor_of, make_account, make_build, reread
from tests.fakes import FixedClock, MemorySketchStore, RecordingEvents
from tests.sketches.conftest import make_sketches, owner_of, run_threads

MAIN = "Blink.ino"


def save(sketches: Sketches, sketch: Sketch, base: int, text: str) -> Sketch:
    files = {rules.main_file(sketch.name): text.encode()}
    return sketches.save(owner_of(sketch), sketch.id, base_revision=base, files=files)


def newest_text(sketches: Sketches, sketch: Sketch) -> str:
    row, files = sketches.read(owner_of(sketch), sketch.id)
    return files[rules.main_file(row.name)].decode()


def test_a_new_sketch_is_empty_and_for_the_virtual_board(
    session: Session, owner: Account, sketches: Sketches, events: RecordingEvents
) -> None:
    sketch = sketches.create(actor_of(owner), Sources.empty("Blink"))
    assert (sketch.name, sketch.revision, sketch.fqbn) == ("Blink", 1, VIRTUAL_FQBN)
    assert newest_text(sketches, sketch) == rules.NEW_SKETCH
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
    session: Session, owner: Account, sketches: Sketches, values: dict[str, Any]
) -> None:
    files = values.get("files") or {MAIN: b""}
    with pytest.raises(Invalid):
        sketches.create(
            actor_of(owner),
            Sources(sketch_name=values.get("name", "Blink"), files=files),
            fqbn=values.get("fqbn", VIRTUAL_FQBN),
        )
    assert session.scalars(select(Sketch)).all() == []


def test_a_taken_name_is_refused_in_the_same_account_only(
    session: Session, owner: Account, sketch: Sketch, sketches: Sketches
) -> None:
    with pytest.raises(Conflict) as refusal:
        sketches.create(actor_of(owner), Sources.empty("Blink"))
    assert refusal.value.code == "sketch_name_taken"
    other = make_account(session)
    assert sketches.create(actor_of(other), Sources.empty("Blink")).name == "Blink"


def test_where_any_free_name_will_do_a_number_is_added_and_the_main_file_goes_along(
    session: Session, owner: Account, sketch: Sketch, sketches: Sketches
) -> None:
    names = [
        sketches.create(
            actor_of(owner), Sources(sketch_name="Blink", files={MAIN: b"// mine"}), any_free_name=True
        ).name
        for _ in range(2)
    ]
    assert names == ["Blink-2", "Blink-3"]
    third = session.scalars(select(Sketch).where(Sketch.name == "Blink-3")).one()
    assert newest_text(sketches, third) == "// mine"


def test_an_account_has_a_limited_number_of_sketches(
    session: Session, owner: Account, sketch: Sketch, sketches: Sketches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_SKETCHES", 2)
    sketches.create(actor_of(owner), Sources.empty("Two"))
    with pytest.raises(LimitExceeded) as refusal:
        sketches.create(actor_of(owner), Sources.empty("Three"))
    assert refusal.value.code == "too_many_sketches"


def test_a_full_disk_makes_no_sketch_and_no_revision(
    session: Session, owner: Account, sketch: Sketch, sketches: Sketches, sketch_store: MemorySketchStore
) -> None:
    sketch_store.full = True
    with pytest.raises(Unavailable):
        sketches.create(actor_of(owner), Sources.empty("Two"))
    with pytest.raises(Unavailable):
        save(sketches, sketch, 1, "// lost?")
    assert len(session.scalars(select(Sketch)).all()) == 1
    assert reread(session, sketch).revision == 1


def test_of_many_new_sketches_of_one_name_at_once_one_is_made_and_the_others_leave_nothing(
    session: Session, engine: Engine, owner: Account, sketch_store: MemorySketchStore, events: RecordingEvents
) -> None:
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def create() -> None:
        with make_sessions(engine)() as own:
            start.wait(10)
            try:
                make_sketches(own, sketch_store, events).create(actor_of(owner), Sources.empty("Blink"))
                outcomes.append("made")
            except Conflict as refusal:
                outcomes.append(refusal.code)

    run_threads([create] * 4)
    assert sorted(outcomes) == ["made", *["sketch_name_taken"] * 3]
    assert len(sketch_store.stored) == 1


def test_sketches_are_listed_last_changed_first(
    session: Session, owner: Account, sketches: Sketches, clock: FixedClock
) -> None:
    first = sketches.create(actor_of(owner), Sources.empty("First"))
    clock.tick()
    sketches.create(actor_of(owner), Sources.empty("Second"))
    clock.tick()
    save(sketches, first, 1, "// changed")
    listed = sketches.list_sketches(actor_of(owner))
    assert [sketch.name for sketch in listed] == ["First", "Second"]


def test_each_save_is_a_revision(
    session: Session, sketch: Sketch, sketches: Sketches, events: RecordingEvents, clock: FixedClock
) -> None:
    clock.tick()
    saved = save(sketches, sketch, 1, "// two")
    assert (saved.revision, saved.updated_at) == (2, clock.now())
    assert newest_text(sketches, sketch) == "// two"
    assert events.bodies(EventName.SKETCH_SAVED)[-1]["revision"] == 2


def test_the_same_sources_again_are_no_new_revision(
    session: Session, sketch: Sketch, sketches: Sketches, events: RecordingEvents
) -> None:
    assert save(sketches, sketch, 1, rules.NEW_SKETCH).revision == 1
    assert events.events == []


def test_a_save_whose_answer_was_lost_can_be_sent_again(
    session: Session, sketch: Sketch, sketches: Sketches
) -> None:
    assert save(sketches, sketch, 1, "// two").revision == 2
    assert save(sketches, sketch, 1, "// two").revision == 2


def test_the_later_of_two_tabs_is_told_of_the_newer_revision_and_nothing_is_lost(
    session: Session, sketch: Sketch, sketches: Sketches
) -> None:
    save(sketches, sketch, 1, "// first tab")
    with pytest.raises(Conflict) as refusal:
        save(sketches, sketch, 1, "// second tab")
    assert refusal.value.code == "newer_revision"
    assert refusal.value.details == {"revision": 2}
    assert newest_text(sketches, sketch) == "// first tab"
    assert save(sketches, sketch, 2, "// both").revision == 3


def test_a_save_from_the_future_is_refused(session: Session, sketch: Sketch, sketches: Sketches) -> None:
    with pytest.raises(Conflict):
        save(sketches, sketch, 7, "// seven")


def test_going_back_to_older_sources_is_a_revision_of_its_own(
    session: Session, sketch: Sketch, sketches: Sketches
) -> None:
    save(sketches, sketch, 1, "// two")
    assert save(sketches, sketch, 2, rules.NEW_SKETCH).revision == 3
    digests = session.scalars(select(SketchRevision.digest).order_by(SketchRevision.number)).all()
    assert digests[0] == digests[2] != digests[1]


def test_a_save_that_breaks_a_rule_stores_nothing(
    session: Session, sketch: Sketch, sketches: Sketches, sketch_store: MemorySketchStore
) -> None:
    before = dict(sketch_store.stored)
    files = {MAIN: b"", "build_opt.h": b"-wrapper sh"}
    with pytest.raises(Invalid):
        sketches.save(owner_of(sketch), sketch.id, base_revision=1, files=files)
    assert sketch_store.stored == before


def test_a_rename_takes_the_main_file_along_as_a_new_revision(
    session: Session, sketch: Sketch, sketches: Sketches
) -> None:
    renamed = sketches.change(owner_of(sketch), sketch.id, name="Wink")
    assert (renamed.name, renamed.revision) == ("Wink", 2)
    row, files = sketches.read(owner_of(sketch), sketch.id)
    assert set(files) == {"Wink.ino"}
    assert session.get_one(SketchRevision, (row.id, 1)).sketch_name == "Blink"


def test_a_rename_to_the_same_name_changes_nothing(
    session: Session, sketch: Sketch, sketches: Sketches
) -> None:
    same = sketches.change(owner_of(sketch), sketch.id, name="Blink")
    assert same.revision == 1


def test_a_rename_to_a_taken_name_is_refused(
    session: Session, owner: Account, sketch: Sketch, sketches: Sketches
) -> None:
    sketches.create(actor_of(owner), Sources.empty("Wink"))
    with pytest.raises(Conflict) as refusal:
        sketches.change(actor_of(owner), sketch.id, name="Wink")
    assert refusal.value.code == "sketch_name_taken"
    assert reread(session, sketch).name == "Blink"


def test_a_tab_that_missed_a_rename_learns_of_it_before_it_saves(
    session: Session, sketch: Sketch, sketches: Sketches
) -> None:
    sketches.change(owner_of(sketch), sketch.id, name="Wink")
    files = {MAIN: b"// old name"}
    with pytest.raises(Conflict) as refusal:
        sketches.save(owner_of(sketch), sketch.id, base_revision=1, files=files)
    assert refusal.value.code == "newer_revision"


def test_the_board_is_changed_without_a_new_revision(
    session: Session, sketch: Sketch, sketches: Sketches, events: RecordingEvents
) -> None:
    fqbn = "esp32:esp32:esp32"
    changed = sketches.change(owner_of(sketch), sketch.id, fqbn=fqbn)
    assert (changed.fqbn, changed.revision) == (fqbn, 1)
    assert events.bodies(EventName.SKETCH_SAVED)[0]["fqbn"] == fqbn


def test_a_deleted_sketch_is_gone_with_its_sources_and_its_builds_stay(
    session: Session, owner: Account, sketch: Sketch, sketches: Sketches, sketch_store: MemorySketchStore
) -> None:
    build = make_build(session, account=owner, sketch=sketch)
    sketches.remove(actor_of(owner), sketch.id)
    assert sketch_store.stored == {}
    assert session.scalars(select(SketchRevision)).all() == []
    assert reread(session, build).sketch_id is None
    with pytest.raises(NotFound):
        save(sketches, sketch, 1, "// too late")
    assert session.scalars(select(Build)).all() == [build]


@pytest.mark.parametrize(
    "call",
    [
        lambda sketches, who, what: sketches.get(who, what),
        lambda sketches, who, what: sketches.read(who, what),
        lambda sketches, who, what: sketches.save(who, what, base_revision=1, files={MAIN: b"//"}),
        lambda sketches, who, what: sketches.change(who, what, name="Mine"),
        lambda sketches, who, what: sketches.change(who, what, fqbn=VIRTUAL_FQBN),
        lambda sketches, who, what: sketches.remove(who, what),
        lambda sketches, who, what: sketches.list_revisions(who, what),
        lambda sketches, who, what: sketches.read_revision(who, what, 1),
    ],
)
def test_somebody_elses_sketch_and_an_unknown_one_look_alike(
    session: Session,
    sketch: Sketch,
    sketches: Sketches,
    call: Callable[[Sketches, Actor, str], object],
) -> None:
    stranger = make_account(session)
    answers = set()
    for sketch_id in (sketch.id, "0" * 32):
        with pytest.raises(NotFound) as refusal:
            call(sketches, actor_of(stranger), sketch_id)
        answers.add((refusal.value.code, refusal.value.message))
    assert answers == {("no_such_sketch", "There is no such sketch.")}
    assert reread(session, sketch).revision == 1
