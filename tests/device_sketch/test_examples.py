"""Every example compiles, without a warning, for every board it names."""

import json
import re

import pytest

from tests.device_sketch.conftest import EXAMPLES, PROJECT, VIRTUAL, Compile

PLATFORM_OF_CORE = {
    "airsketch:virtual": PROJECT / "device_sketch" / "hardware" / "airsketch" / "virtual",
    "esp32:esp32": PROJECT / "tests" / "standin_core" / "hardware" / "esp32" / "esp32",
}
LISTED = json.loads((EXAMPLES / "examples.json").read_text(encoding="utf-8"))["examples"]


def boards_of(core: str) -> list[str]:
    """The FQBN of every board of a core."""
    text = (PLATFORM_OF_CORE[core] / "boards.txt").read_text(encoding="utf-8")
    return [f"{core}:{board}" for board in re.findall(r"^(\w+)\.name=", text, re.MULTILINE)]


# Board by board, so that the core of a board is compiled once and found in the cache afterwards.
CASES = [
    (row["name"], fqbn)
    for core in PLATFORM_OF_CORE
    for fqbn in boards_of(core)
    for row in LISTED
    if core in row["boards"]
]


def test_list_names_exactly_the_example_folders() -> None:
    folders = {path.parent.name for path in EXAMPLES.glob("*/*.ino") if path.stem == path.parent.name}
    assert [row["name"] for row in LISTED] == list(dict.fromkeys(row["name"] for row in LISTED))
    assert {row["name"] for row in LISTED} == folders
    assert len(folders) >= 10


def test_a_named_core_stands_for_all_its_boards() -> None:
    assert {core for row in LISTED for core in row["boards"]} == set(PLATFORM_OF_CORE)
    chips = ("esp32", "esp32s2", "esp32s3", "esp32c3", "esp32c6")
    assert {fqbn for name, fqbn in CASES if name == "Blink"} == {
        VIRTUAL,
        *(f"esp32:esp32:{chip}" for chip in chips),
    }


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["name"])
def test_example_begins_with_its_name_and_says_what_it_does(row: dict[str, str]) -> None:
    first = (EXAMPLES / row["name"] / f"{row['name']}.ino").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(f"// {row['name']}: ")
    assert row["title"]
    assert row["summary"].endswith(".")


@pytest.mark.system
@pytest.mark.parametrize(("name", "fqbn"), CASES)
def test_example_compiles_without_a_warning(compile_sketch: Compile, name: str, fqbn: str) -> None:
    compiled = compile_sketch(EXAMPLES / name, fqbn)
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []


@pytest.mark.system
@pytest.mark.parametrize("fqbn", [VIRTUAL, "esp32:esp32:esp32"])
def test_wired_sketch_compiles_without_a_warning(compile_sketch: Compile, fqbn: str) -> None:
    compiled = compile_sketch(PROJECT / "device_sketch" / "bot_wired", fqbn)
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []
