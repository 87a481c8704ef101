"""The examples that come with the software."""

import json
from pathlib import Path

import pytest

from app.kernel.errors import NotFound
from app.sketches.examples import list_examples, read_example
from config import ROOT

FOLDER = ROOT / "sketches" / "examples"


def test_there_are_at_least_eight_and_each_says_what_it_is() -> None:
    examples = list_examples(FOLDER)
    assert len(examples) >= 8
    assert examples[0]["name"] == "Blink"
    for example in examples:
        assert example["title"]
        assert example["summary"].endswith(".")
        assert "airsketch:virtual" in example["boards"] or example["boards"]


def test_every_example_is_a_sketch_by_our_own_rules() -> None:
    for example in list_examples(FOLDER):
        assert read_example(FOLDER, example["name"]).sketch_name == example["name"]


def test_every_folder_is_listed() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders == {example["name"] for example in list_examples(FOLDER)}


def test_an_example_of_several_files_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "Two" / "src").mkdir(parents=True)
    (tmp_path / "Two" / "Two.ino").write_bytes(b"1")
    (tmp_path / "Two" / "src" / "a.h").write_bytes(b"2")
    entry = {"name": "Two", "title": "Two", "summary": "Two files.", "boards": ["airsketch:virtual"]}
    (tmp_path / "examples.json").write_text(json.dumps({"examples": [entry]}), "utf-8")
    assert list_examples(tmp_path) == [entry]
    assert read_example(tmp_path, "Two").files == {"Two.ino": b"1", "src/a.h": b"2"}


@pytest.mark.parametrize("name", ["Nothing", "", "..", "../examples", "Blink/../Blink", "examples.json"])
def test_what_is_not_listed_is_not_read(name: str) -> None:
    with pytest.raises(NotFound):
        read_example(FOLDER, name)
