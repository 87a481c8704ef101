"""Sources of sketches on disk; the contract holds for the stand-in of the tests too."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from app.kernel.errors import NotFound, Unavailable
from app.sketches.rules import SketchId
from app.sketches.sources import Sources
from app.sketches.store import SketchStore, ZipSketchStore
from tests.fakes import MemorySketchStore

ONE, TWO = SketchId("1" * 32), SketchId("2" * 32)
FILES = {"Blink.ino": b"void setup() {}\r\n", "src/a.h": "ä\n".encode(), "empty.txt": b""}
SOURCES = Sources(sketch_name="Blink", files=FILES)
OTHER_SOURCES = Sources.empty("Blink")
DIGEST, OTHER = SOURCES.digest, OTHER_SOURCES.digest


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SketchStore:
    return ZipSketchStore(tmp_path / "users") if request.param == "disk" else MemorySketchStore()


def test_what_is_put_is_given_back_byte_for_byte(store: SketchStore) -> None:
    store.put(ONE, SOURCES)
    assert store.get(ONE, DIGEST) == FILES


def test_storing_again_changes_nothing(store: SketchStore) -> None:
    store.put(ONE, SOURCES)
    store.put(ONE, SOURCES)
    assert store.get(ONE, DIGEST) == FILES


def test_nothing_is_found_under_another_digest_or_sketch(store: SketchStore) -> None:
    store.put(ONE, SOURCES)
    for sketch_id, digest in ((ONE, OTHER), (TWO, DIGEST)):
        with pytest.raises(NotFound) as refusal:
            store.get(sketch_id, digest)
        assert refusal.value.code == "no_such_revision"


def test_one_digest_can_be_forgotten(store: SketchStore) -> None:
    store.put(ONE, SOURCES)
    store.put(ONE, OTHER_SOURCES)
    store.forget(ONE, DIGEST)
    store.forget(ONE, DIGEST)
    assert store.get(ONE, OTHER) == OTHER_SOURCES.files
    with pytest.raises(NotFound):
        store.get(ONE, DIGEST)


def test_a_sketch_is_removed_with_everything_and_alone(store: SketchStore) -> None:
    for sketch_id in (ONE, TWO):
        store.put(sketch_id, SOURCES)
    store.remove(ONE)
    store.remove(ONE)
    assert store.get(TWO, DIGEST) == FILES
    with pytest.raises(NotFound):
        store.get(ONE, DIGEST)


@pytest.mark.parametrize("sketch_id", ["..", "../" + "1" * 29, "", "1" * 31, "G" * 32])
def test_an_id_that_is_none_leads_nowhere(tmp_path: Path, sketch_id: str) -> None:
    store = ZipSketchStore(tmp_path / "users")
    with pytest.raises(NotFound):
        store.put(SketchId(sketch_id), SOURCES)
    with pytest.raises(NotFound):
        store.get(ONE, "../" + "a" * 61)
    assert not (tmp_path / "users").exists()


def _raiser(number: int) -> Callable[..., NoReturn]:
    def fail(*_args: object, **_kwargs: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("step", ["mkstemp", "fsync", "replace"])
def test_a_disk_that_refuses_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    owner = {"mkstemp": "tempfile", "fsync": "os", "replace": "pathlib.Path"}[step]
    store = ZipSketchStore(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(f"{owner}.{step}", _raiser(number))
        with pytest.raises(Unavailable) as refusal:
            store.put(ONE, SOURCES)
    assert refusal.value.code == "disk_full"
    assert "Contact the server administrator" in refusal.value.message
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    store.put(ONE, SOURCES)
    assert store.get(ONE, DIGEST) == FILES


def test_no_half_written_file_is_ever_under_the_final_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    real = os.fsync

    def look(handle: int) -> None:
        seen.append(sorted(path.name for path in (tmp_path / ONE).iterdir()))
        real(handle)

    monkeypatch.setattr(os, "fsync", look)
    ZipSketchStore(tmp_path).put(ONE, SOURCES)
    assert len(seen) == 2  # The file before the rename, the folder after it.
    assert all(name.startswith(".new-") for name in seen[0])
    assert seen[1] == [f"{DIGEST}.zip"]


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    store = ZipSketchStore(tmp_path)
    store.put(ONE, SOURCES)
    path = tmp_path / ONE / f"{DIGEST}.zip"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(Unavailable) as refusal:
        store.get(ONE, DIGEST)
    assert refusal.value.code == "sources_unreadable"
