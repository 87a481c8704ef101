"""Revisions: the newest are kept, and their sources with them, whatever happens at the same time."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.adapters.database import make_sessions
from app.adapters.sketch_store import ZipSketchStore
from app.domain.errors import Conflict, NotFound
from app.models import Sketch
from app.services import revisions, sketches
from app.services.revisions import SketchParts
from tests.factories import make_account, make_sketch
from tests.fakes import FixedClock, MemorySketchStore, RecordingEvents


@pytest.fixture
def parts(sketch_store: MemorySketchStore, events: RecordingEvents, clock: FixedClock) -> SketchParts:
    return SketchParts(store=sketch_store, events=events, clock=clock)


@pytest.fixture
def sketch(session: Session, sketch_store: MemorySketchStore) -> Sketch:
    return make_sketch(session, account=make_account(session), store=sketch_store)


def add(session: Session, sketch: Sketch, text: str, parts: SketchParts) -> None:
    revisions.add_revision(
        session,
        sketch=sketch,
        base_revision=sketch.revision,
        name=sketch.name,
        files={"Blink.ino": text.encode()},
        parts=parts,
    )


def numbers(session: Session, sketch: Sketch) -> list[int]:
    return [row.number for row in revisions.list_revisions(session, sketch=sketch)]


def test_revisions_are_listed_newest_first(session: Session, sketch: Sketch, parts: SketchParts) -> None:
    add(session, sketch, "// two", parts)
    add(session, sketch, "// three", parts)
    assert numbers(session, sketch) == [3, 2, 1]
    assert revisions.newest(session, sketch=sketch).number == 3


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
    assert numbers(session, sketch) == [5, 4, 3]
    assert sorted(files["Blink.ino"] for files in sketch_store.stored.values()) == [b"// 3", b"// 4", b"// 5"]


def test_sources_that_a_kept_revision_shares_are_kept(
    session: Session, sketch: Sketch, parts: SketchParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MAX_REVISIONS", 3)
    for text in ("// a", "// b", "// a", "// c"):
        add(session, sketch, text, parts)
    assert numbers(session, sketch) == [5, 4, 3]
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
    assert numbers(session, sketch) == [2, 1]
    revisions.read_revision(session, sketch=sketch, number=2, store=store)
