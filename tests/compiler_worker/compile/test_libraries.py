"""The cache of libraries chooses among real ones only."""

import json
from pathlib import Path

import pytest

from app.builds.rules import LibraryUse
from compiler_worker.compile.libraries import used_libraries
from compiler_worker.sandbox.jail import Mount


@pytest.fixture
def mounts(tmp_path: Path) -> list[Mount]:
    library = tmp_path / "book" / "libraries" / "Blinker"
    (library / "src").mkdir(parents=True)
    (library / "library.properties").write_text("name=Blinker Pro\nversion=2.1.0\n")
    (tmp_path / "book" / "core").mkdir()
    cache = Mount(source=tmp_path / "cache", target=Path("/a/cache"), writable=True)
    return [Mount(source=tmp_path / "book", target=Path("/a/book")), cache]


def write(tmp_path: Path, content: str) -> Path:
    folder = tmp_path / "cache" / "sketches" / "X"
    folder.mkdir(parents=True)
    (folder / "libraries.cache").write_text(content)
    return tmp_path / "cache"


def test_libraries_are_named_by_their_own_files(tmp_path: Path, mounts: list[Mount]) -> None:
    cache = write(tmp_path, json.dumps(["/a/book/core", "/a/book/libraries/Blinker/src"]))
    assert used_libraries(cache, mounts) == (LibraryUse(name="Blinker Pro", version="2.1.0"),)


@pytest.mark.parametrize(
    "content",
    ["", "{", "{}", "[1, null]", '["/a/book/../../etc"]', '["/etc"]', '["/a/cache/fake"]', "[" * 9999],
)
def test_made_up_content_names_nothing(tmp_path: Path, mounts: list[Mount], content: str) -> None:
    fake = tmp_path / "cache" / "fake"
    fake.mkdir(parents=True)
    (fake / "library.properties").write_text("name=Fake\nversion=9\n")
    assert used_libraries(write(tmp_path, content), mounts) == ()


def test_no_cache_is_no_library(tmp_path: Path, mounts: list[Mount]) -> None:
    assert used_libraries(tmp_path / "none", mounts) == ()
