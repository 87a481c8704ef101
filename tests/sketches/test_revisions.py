"""Revisions: the newest are kept, and their sources with them, whatever happens at the same time."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.kernel.database import make_sessions
from app.kernel.errors import Conflict, NotFound
from app.sketches import revisions
from app.sketches import service as sketches
from app.sketches.revisions import ListedRevision, SketchParts
from app.sketches.rules import SketchId
from app.sketches.store import SketchStore, ZipSketchStore
from app.sketches.tables import Sketch
from tests.factories import make_account, make_sketch
from tests.fakes import FixedClock, MemorySketchStore, RecordingEvents


@pytest.fixture
def parts(sketch_store: MemorySketchStore, events: RecordingEvents, clock: FixedClock) -> SketchParts:
    return SketchParts(store=sketch_store, events=events, clock=clock)


def add(session: Session, sketch: Sketch, text: str, parts: SketchParts) -> None:
    revisions.add_revision(
        session,
        sketch=sketch,
        base_revision=sketch.revision,
        name=sketch.name,
        files={"Blink.ino": text.encode()},
        parts=parts,
    )


def listed(session: Session, sketch: Sketch, store: SketchStore) -> list[ListedRevision]:
    return revisions.list_revisions(session, sketch=sketch, store=store)[0]


def numbers(session: Session, sketch: Sketch, store: SketchStore) -> list[int]:
    return [item.row.number for item in listed(session, sketch, store)]


def test_revisions_are_listed_newest_first(session: Session, sketch: Sketch, parts: SketchParts) -> None:
    add(session, sketch, "// two", parts)
    add(session, sketch, "// three", parts)
    assert numbers(session, sketch, parts.store) == [3, 2, 1]
    assert revisions.newest(session, sketch=sketch).number == 3


def test_many_revisions_are_listed_a_page_at_a_time(
    session: Session, sketch: Sketch, parts: SketchParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "PAGE_ROWS", 2)
    for text in ("// 2", "// 3", "// 4"):
        add(session, sketch, text, parts)
    pages: list[list[int]] = []
    before: int | None = None
    while not pages or before is not None:
        rows, before = revisions.list_revisions(session, sketch=sketch, store=parts.store, before=before)
        assert all(item.changes for item in rows)
        pages.append([item.row.number for item in rows])
    assert pages == [[4, 3], [2, 1]]
    assert revisions.list_revisions(session, sketch=sketch, store=parts.store, before=1) == ([], None)


def test_a_listed_revision_tells_what_it_changed(
    session: Session, owner: Account, parts: SketchParts
) -> None:
    sketch = sketches.create(session, account_id=owner.id, name="Blink", parts=parts)
    for base, files in ((1, {"Blink.ino": b"1", "a.h": b""}), (2, {"Blink.ino": b"2"})):
        sketches.save(
            session,
            account_id=owner.id,
            sketch_id=sketch.id,
            base_revision=base,
            files=files,
            parts=parts,
        )
    sketches.rename(session, account_id=owner.id, sketch_id=sketch.id, name="Wink", parts=parts)
    told = [(item.renamed_from, item.changes) for item in listed(session, sketch, parts.store)]
    assert told == [
        ("Blink", {}),
        ("", {"Blink.ino": "changed", "a.h": "removed"}),
        ("", {"Blink.ino": "changed", "a.h": "added"}),
        ("", {"Blink.ino": "added"}),
    ]


def test_where_the_one_before_is_not_kept_the_change_is_unknown(
    session: Session, sketch: Sketch, parts: SketchParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 2)
    for text in ("// 2", "// 3"):
        add(session, sketch, text, parts)
    assert [item.changes for item in listed(session, sketch, parts.store)] == [{"Blink.ino": "changed"}, None]


def test_one_revision_that_cannot_be_read_does_not_hide_the_others(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    add(session, sketch, "// two", parts)
    parts.store.forget(SketchId(sketch.id), revisions.newest(session, sketch=sketch).digest)
    add(session, sketch, "// three", parts)
    changes = [item.changes for item in listed(session, sketch, parts.store)]
    assert changes == [None, None, {"Blink.ino": "added"}]


def test_an_old_revision_is_read_with_its_sources(
    session: Session, sketch: Sketch, parts: SketchParts
) -> None:
    add(session, sketch, "// two", parts)
    add(session, sketch, "// three", parts)
    row, files = revisions.read_revision(session, sketch=sketch, number=2, store=parts.store)
    assert (row.number, row.size_bytes, files) == (2, 6, {"Blink.ino": b"// two"})


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_revision_that_is_not_kept_is_not_found(
    session: Session, sketch: Sketch, parts: SketchParts, number: int
) -> None:
    with pytest.raises(NotFound) as refusal:
        revisions.read_revision(session, sketch=sketch, number=number, store=parts.store)
    assert refusal.value.code == "no_such_revision"


def test_only_the_newest_revisions_are_kept_and_only_their_sources(
    session: Session,
    sketch: Sketch,
    parts: SketchParts,
    sketch_store: MemorySketchStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 3)
    for text in ("// 2", "// 3", "// 4", "// 5"):
        add(session, sketch, text, parts)
    assert numbers(session, sketch, parts.store) == [5, 4, 3]
    assert sorted(files["Blink.ino"] for files in sketch_store.stored.values()) == [b"// 3", b"// 4", b"// 5"]


def test_sources_that_a_kept_revision_shares_are_kept(
    session: Session, sketch: Sketch, parts: SketchParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 3)
    for text in ("// a", "// b", "// a", "// c"):
        add(session, sketch, text, parts)
    assert numbers(session, sketch, parts.store) == [5, 4, 3]
    _row, files = revisions.read_revision(session, sketch=sketch, number=4, store=parts.store)
    assert files == {"Blink.ino": b"// a"}


def test_sources_that_pruning_took_away_in_between_are_put_back(
    session: Session, sketch: Sketch, parts: SketchParts, sketch_store: MemorySketchStore
) -> None:
    real = sketch_store.put
    calls = 0

    def put(*args: object) -> None:
        nonlocal calls
        calls += 1
        real(*args)  # type: ignore[arg-type]
        if calls == 1:
            sketch_store.stored.pop((args[0], args[1]))  # type: ignore[arg-type]

    sketch_store.put = put  # type: ignore[method-assign]
    add(session, sketch, "// two", parts)
    _row, files = revisions.read_revision(session, sketch=sketch, number=2, store=parts.store)
    assert files == {"Blink.ino": b"// two"}


def test_of_many_saves_at_once_on_one_base_exactly_one_wins(
    session: Session, engine: Engine, tmp_path: Path, events: RecordingEvents, clock: FixedClock
) -> None:
    store = ZipSketchStore(tmp_path / "users")
    sketch = make_sketch(session, account=make_account(session), store=store)
    parts = SketchParts(store=store, events=events, clock=clock)
    start = threading.Barrier(8)
    outcomes: list[str] = []

    def save(number: int) -> None:
        with make_sessions(engine)() as own:
            start.wait(10)
            try:
                sketches.save(
                    own,
                    account_id=sketch.account_id,
                    sketch_id=sketch.id,
                    base_revision=1,
                    files={"Blink.ino": f"// {number}".encode()},
                    parts=parts,
                )
                outcomes.append("saved")
            except Conflict as refusal:
                outcomes.append(refusal.code)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["newer_revision"] * 7 + ["saved"]
    session.rollback()
    session.refresh(sketch)
    assert numbers(session, sketch, store) == [2, 1]
    revisions.read_revision(session, sketch=sketch, number=2, store=store)
