"""The copy that arduino-cli gets, and what it never gets."""

from pathlib import Path

import pytest

from app.kernel.errors import Invalid
from app.sketches.rules import MAX_FILES
from compiler_worker.compile.workspace import AGENT_FILE, prepare


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshot"
    (folder / "src").mkdir(parents=True)
    (folder / "Blink.ino").write_text("void setup() {}\n")
    (folder / "src" / "motor.cpp").write_text("int motor;\n")
    return folder


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_copy_is_named_like_the_sketch_and_complete(snapshot: Path, parent: Path) -> None:
    folder = prepare(snapshot, "Blink", parent, with_agent=False)
    assert folder == parent / "Blink"
    copied = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert copied == {"Blink.ino", "src/motor.cpp"}


def test_agent_is_added_under_a_name_no_user_can_give(snapshot: Path, parent: Path) -> None:
    from app.sketches.rules import check_file_name

    folder = prepare(snapshot, "Blink", parent, with_agent=True)
    assert "#include <AirsketchBot.h>" in (folder / AGENT_FILE).read_text()
    with pytest.raises(Invalid):
        check_file_name(AGENT_FILE)


@pytest.mark.parametrize(
    "name", ["sketch.yaml", "build_opt.h", "partitions.csv", "bootloader.bin", ".hidden.h"]
)
def test_steering_file_is_refused_by_name(snapshot: Path, parent: Path, name: str) -> None:
    (snapshot / name).write_text("x")
    with pytest.raises(Invalid, match=name):
        prepare(snapshot, "Blink", parent, with_agent=False)


def test_link_is_not_followed(snapshot: Path, parent: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (snapshot / "secret.h").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic"):
        prepare(snapshot, "Blink", parent, with_agent=False)


def test_linked_folder_is_not_entered(snapshot: Path, parent: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.h").write_text("secret")
    (snapshot / "src" / "link").symlink_to(tmp_path / "other")
    prepare(snapshot, "Blink", parent, with_agent=False)
    assert list(parent.rglob("secret.h")) == []


def test_main_file_must_be_there(snapshot: Path, parent: Path) -> None:
    with pytest.raises(Invalid, match=r"Other\.ino"):
        prepare(snapshot, "Other", parent, with_agent=False)


def test_too_many_files_are_refused(snapshot: Path, parent: Path) -> None:
    for number in range(MAX_FILES):
        (snapshot / f"f{number}.h").write_text("")
    with pytest.raises(Invalid, match="more than"):
        prepare(snapshot, "Blink", parent, with_agent=False)


def test_missing_snapshot_is_our_fault(parent: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        prepare(tmp_path / "none", "Blink", parent, with_agent=False)
