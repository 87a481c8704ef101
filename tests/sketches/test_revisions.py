"""Revisions: the newest are kept, and their sources with them, whatever happens at the same time."""

import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.rules import BuildState
from app.kernel.database import make_sessions
from app.kernel.errors import Conflict, NotFound
from app.sketches import revisions
from app.sketches.revisions import ListedRevision
from app.sketches.service import Sketches
from app.sketches.sources import Sources
from app.sketches.store import ZipSketchStore
from app.sketches.tables import Sketch, SketchRevision
from tests.factories import actor_of, make_account, make_build, make_sketch
from tests.fakes import MemorySketchStore, RecordingEvents
from tests.sketches.conftest import make_sketches, owner_of, run_threads


def add(sketches: Sketches, sketch: Sketch, text: str) -> None:
    files = {"Blink.ino": text.encode()}
    sketches.save(owner_of(sketch), sketch.id, base_revision=sketch.revision, files=files)


def listed(sketches: Sketches, sketch: Sketch) -> list[ListedRevision]:
    return sketches.list_revisions(owner_of(sketch), sketch.id)[0]


def numbers(sketches: Sketches, sketch: Sketch) -> list[int]:
    return [item.row.number for item in listed(sketches, sketch)]


def read(sketches: Sketches, sketch: Sketch, number: int) -> tuple[SketchRevision, dict[str, bytes]]:
    return sketches.read_revision(owner_of(sketch), sketch.id, number)


def test_revisions_are_listed_newest_first(sketches: Sketches, sketch: Sketch) -> None:
    add(sketches, sketch, "// two")
    add(sketches, sketch, "// three")
    assert numbers(sketches, sketch) == [3, 2, 1]


def test_many_revisions_are_listed_a_page_at_a_time(
    sketches: Sketches, sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "PAGE_ROWS", 2)
    for text in ("// 2", "// 3", "// 4"):
        add(sketches, sketch, text)
    pages: list[list[int]] = []
    before: int | None = None
    while not pages or before is not None:
        rows, before = sketches.list_revisions(owner_of(sketch), sketch.id, before=before)
        assert all(item.changes for item in rows)
        pages.append([item.row.number for item in rows])
    assert pages == [[4, 3], [2, 1]]
    assert sketches.list_revisions(owner_of(sketch), sketch.id, before=1) == ([], None)


def test_a_listed_revision_tells_what_it_changed(sketches: Sketches, owner: Account) -> None:
    actor = actor_of(owner)
    sketch = sketches.create(actor, Sources.empty("Blink"))
    for base, files in ((1, {"Blink.ino": b"1", "a.h": b""}), (2, {"Blink.ino": b"2"})):
        sketches.save(actor, sketch.id, base_revision=base, files=files)
    sketches.change(actor, sketch.id, name="Wink")
    changes = [(item.renamed_from, item.changes) for item in listed(sketches, sketch)]
    assert changes == [
        ("Blink", {}),
        ("", {"Blink.ino": "changed", "a.h": "removed"}),
        ("", {"Blink.ino": "changed", "a.h": "added"}),
        ("", {"Blink.ino": "added"}),
    ]


def test_where_the_one_before_is_not_kept_the_change_is_unknown(
    sketches: Sketches, sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 2)
    for text in ("// 2", "// 3"):
        add(sketches, sketch, text)
    assert [item.changes for item in listed(sketches, sketch)] == [{"Blink.ino": "changed"}, None]


def test_one_revision_that_cannot_be_read_does_not_hide_the_others(
    sketches: Sketches, sketch: Sketch, sketch_store: MemorySketchStore
) -> None:
    add(sketches, sketch, "// two")
    sketch_store.forget(sketch.id, read(sketches, sketch, 2)[0].digest)
    add(sketches, sketch, "// three")
    changes = [item.changes for item in listed(sketches, sketch)]
    assert changes == [None, None, {"Blink.ino": "added"}]


def test_an_old_revision_is_read_with_its_sources(sketches: Sketches, sketch: Sketch) -> None:
    add(sketches, sketch, "// two")
    add(sketches, sketch, "// three")
    row, files = read(sketches, sketch, 2)
    assert (row.number, row.size_bytes, files) == (2, 6, {"Blink.ino": b"// two"})


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_revision_that_is_not_kept_is_not_found(sketches: Sketches, sketch: Sketch, number: int) -> None:
    with pytest.raises(NotFound) as refusal:
        read(sketches, sketch, number)
    assert refusal.value.code == "no_such_revision"


def test_only_the_newest_revisions_are_kept_and_only_their_sources(
    sketches: Sketches,
    sketch: Sketch,
    sketch_store: MemorySketchStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 3)
    for text in ("// 2", "// 3", "// 4", "// 5"):
        add(sketches, sketch, text)
    assert numbers(sketches, sketch) == [5, 4, 3]
    assert sorted(files["Blink.ino"] for files in sketch_store.stored.values()) == [b"// 3", b"// 4", b"// 5"]


def test_sources_that_a_kept_revision_shares_are_kept(
    sketches: Sketches, sketch: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 3)
    for text in ("// a", "// b", "// a", "// c"):
        add(sketches, sketch, text)
    assert numbers(sketches, sketch) == [5, 4, 3]
    _row, files = read(sketches, sketch, 4)
    assert files == {"Blink.ino": b"// a"}


def test_sources_that_a_queued_build_has_yet_to_read_are_kept_until_it_has_ended(
    session: Session,
    sketches: Sketches,
    sketch: Sketch,
    owner: Account,
    sketch_store: MemorySketchStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 2)
    first = read(sketches, sketch, 1)[0].digest
    build = make_build(session, account=owner, sketch=sketch, state=BuildState.QUEUED, sources_digest=first)
    for text in ("// 2", "// 3", "// 4"):
        add(sketches, sketch, text)
    assert numbers(sketches, sketch) == [4, 3, 1]
    assert sketch_store.get(sketch.id, first)
    build.state = BuildState.SUCCEEDED
    session.commit()
    add(sketches, sketch, "// 5")
    assert numbers(sketches, sketch) == [5, 4]
    with pytest.raises(NotFound):
        sketch_store.get(sketch.id, first)


def test_saves_that_return_to_old_sources_while_others_prune_them_never_lose_them(
    session: Session,
    engine: Engine,
    tmp_path: Path,
    events: RecordingEvents,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 1)
    store = ZipSketchStore(tmp_path / "users")
    sketch = make_sketch(session, account=make_account(session), store=store)

    def toggle(text: str) -> None:
        with make_sessions(engine)() as own:
            sketches = make_sketches(own, store, events)
            for _ in range(20):
                own.rollback()
                row = sketches.get(owner_of(sketch), sketch.id)
                own.refresh(row)
                with suppress(Conflict):
                    add(sketches, row, text)

    run_threads([partial(toggle, text) for text in ("// a", "// b", "// a")])
    session.rollback()
    session.refresh(sketch)
    assert read(make_sketches(session, store, events), sketch, sketch.revision)[1]


def test_of_many_saves_at_once_on_one_base_exactly_one_wins(
    session: Session, engine: Engine, tmp_path: Path, events: RecordingEvents
) -> None:
    store = ZipSketchStore(tmp_path / "users")
    sketch = make_sketch(session, account=make_account(session), store=store)
    start = threading.Barrier(8)
    outcomes: list[str] = []

    def save(number: int) -> None:
        with make_sessions(engine)() as own:
            start.wait(10)
            try:
                make_sketches(own, store, events).save(
                    owner_of(sketch),
                    sketch.id,
                    base_revision=1,
                    files={"Blink.ino": f"// {number}".encode()},
                )
                outcomes.append("saved")
            except Conflict as refusal:
                outcomes.append(refusal.code)

    run_threads([partial(save, number) for number in range(8)])
    assert sorted(outcomes) == ["newer_revision"] * 7 + ["saved"]
    session.rollback()
    session.refresh(sketch)
    sketches = make_sketches(session, store, events)
    assert numbers(sketches, sketch) == [2, 1]
    read(sketches, sketch, 2)
