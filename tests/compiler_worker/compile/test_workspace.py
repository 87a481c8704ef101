"""The copy that arduino-cli gets."""

from pathlib import Path

import pytest

from app.kernel.errors import Invalid
from app.sketches.rules import check_file_name
from app.sketches.sources import Sources
from compiler_worker.compile.workspace import AGENT_FILE, prepare

SOURCES = Sources(
    sketch_name="Blink", files={"Blink.ino": b"void setup() {}\n", "src/motor.cpp": b"int motor;\n"}
)


def test_copy_is_named_like_the_sketch_and_complete(tmp_path: Path) -> None:
    folder = prepare(SOURCES, tmp_path, with_agent=False)
    assert folder == tmp_path / "Blink"
    copied = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert copied == SOURCES.files


def test_agent_is_added_under_a_name_no_user_can_give(tmp_path: Path) -> None:
    folder = prepare(SOURCES, tmp_path, with_agent=True)
    assert "#include <AirsketchBot.h>" in (folder / AGENT_FILE).read_text()
    with pytest.raises(Invalid):
        check_file_name(AGENT_FILE)
