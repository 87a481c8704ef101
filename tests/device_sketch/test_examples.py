"""Every example compiles, without a warning, for every board it names."""

import json

import pytest

from tests.device_sketch.conftest import EXAMPLES, PROJECT, VIRTUAL, Compile

BOARDS_OF_CORE = {
    "airsketch:virtual": [VIRTUAL],
    "esp32:esp32": [f"esp32:esp32:{chip}" for chip in ("esp32", "esp32s2", "esp32s3", "esp32c3", "esp32c6")],
}
LISTED = json.loads((EXAMPLES / "examples.json").read_text(encoding="utf-8"))["examples"]
# One chip of each kind of core for all examples; the five chips differ in the image, not in the sketch.
CASES = [(row["name"], BOARDS_OF_CORE[core][-1]) for row in LISTED for core in row["boards"]]


def test_list_names_exactly_the_example_folders() -> None:
    folders = {path.parent.name for path in EXAMPLES.glob("*/*.ino") if path.stem == path.parent.name}
    assert [row["name"] for row in LISTED] == list(dict.fromkeys(row["name"] for row in LISTED))
    assert {row["name"] for row in LISTED} == folders
    assert len(folders) >= 10


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
