"""The catalog from recorded answers of arduino-cli 1.5.1."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.toolchain.rules import ESP32_CORE, VIRTUAL_FQBN, CoreState, Fqbn
from compiler_worker.arduino.catalog import read_catalog, tree_digest
from compiler_worker.arduino.toolchain import Toolchain, ToolchainError
from compiler_worker.sandbox.jail import Launch, Mount

VIRTUAL = {
    "fqbn": "airsketch:virtual:bot",
    "name": "Virtual bot",
    "platform": {"metadata": {"id": "airsketch:virtual"}, "release": {"version": "1.0.0"}},
}
C3 = {
    "fqbn": "esp32:esp32:esp32c3",
    "name": "ESP32C3 Dev Module",
    "platform": {"metadata": {"id": "esp32:esp32"}, "release": {"version": "3.0.7"}},
}
PROPERTIES = {
    "airsketch:virtual:bot": ["build.mcu=wasm32", "upload.maximum_size=1310720", "x=a=b"],
    "esp32:esp32:esp32c3": ["build.mcu=esp32c3", "upload.maximum_size=1310720"],
}


class Recorded:
    """A sandbox in which `cat` plays arduino-cli."""

    is_jail = True

    def __init__(self, folder: Path, boards: Sequence[Mapping[str, object]]) -> None:
        self._folder = folder
        self._boards = boards

    @contextmanager
    def launch(
        self, argv: Sequence[str], *, mounts: Sequence[Mount], env: Mapping[str, str], cwd: Path
    ) -> Iterator[Launch]:
        answer = self._folder / "answer.json"
        answer.write_text(json.dumps(self._answer(list(argv[1:]))))
        yield Launch(argv=("/bin/cat", str(answer)), env={}, cwd=self._folder, pass_fds=())

    def _answer(self, arguments: list[str]) -> object:
        if arguments[0] == "version":
            return {"VersionString": "1.5.1"}
        if arguments[:2] == ["board", "listall"]:
            return {"boards": self._boards}
        return {"build_properties": PROPERTIES[arguments[arguments.index("-b") + 1]]}


def toolchain(tmp_path: Path, *boards: Mapping[str, object]) -> Toolchain:
    tools, book = tmp_path / "tools", tmp_path / "book"
    for folder in (tools / "bin", tools / "arduino" / "data", book / "libraries" / "L"):
        folder.mkdir(parents=True, exist_ok=True)
    (tools / "bin" / "arduino-cli").touch()
    return Toolchain(tools=tools, sketchbook=book, sandbox=Recorded(tmp_path, boards))


def test_virtual_board_is_offered_with_its_facts(tmp_path: Path) -> None:
    catalog = read_catalog(toolchain(tmp_path, VIRTUAL))
    board = catalog.boards[0]
    assert (board.fqbn, board.chip, board.slot_bytes) == (VIRTUAL_FQBN, "virtual", 1_310_720)
    assert board.available
    assert catalog.tool_version == "1.5.1"


def test_boards_of_a_missing_core_are_there_with_the_reason(tmp_path: Path) -> None:
    catalog = read_catalog(toolchain(tmp_path, VIRTUAL))
    esp = [board for board in catalog.boards if board.core == ESP32_CORE]
    assert {board.chip for board in esp} == {"esp32", "esp32s2", "esp32s3", "esp32c3", "esp32c6"}
    assert not any(board.available for board in esp)
    assert all("not installed" in board.reason for board in esp)
    assert {core.core: core.state for core in catalog.cores}[ESP32_CORE] is CoreState.MISSING


def test_board_of_an_installed_core_is_available(tmp_path: Path) -> None:
    catalog = read_catalog(toolchain(tmp_path, VIRTUAL, C3))
    boards = {board.fqbn: board for board in catalog.boards}
    assert boards[Fqbn("esp32:esp32:esp32c3")].available
    assert boards[Fqbn("esp32:esp32:esp32c3")].chip == "esp32c3"
    assert "does not know" in boards[Fqbn("esp32:esp32:esp32")].reason
    assert {core.core: core.version for core in catalog.cores}[ESP32_CORE] == "3.0.7"


def test_changed_library_changes_the_key_of_every_board(tmp_path: Path) -> None:
    tools = toolchain(tmp_path, VIRTUAL)
    before = read_catalog(tools).boards[0].toolchain_key
    assert read_catalog(tools).boards[0].toolchain_key == before
    (tools.sketchbook / "libraries" / "L" / "l.h").write_text("int l;")
    assert read_catalog(tools).boards[0].toolchain_key != before


def test_toolchain_without_the_virtual_board_is_broken(tmp_path: Path) -> None:
    with pytest.raises(ToolchainError, match="virtual board"):
        read_catalog(toolchain(tmp_path, C3))


def test_missing_tool_is_named(tmp_path: Path) -> None:
    tools = toolchain(tmp_path, VIRTUAL)
    (tools.tools / "bin" / "arduino-cli").unlink()
    with pytest.raises(ToolchainError, match="arduino-cli"):
        read_catalog(tools)


def test_digest_of_a_tree_depends_on_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = tree_digest(tmp_path)
    (tmp_path / "a").write_text("2")
    second = tree_digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, tree_digest(tmp_path)}) == 3
