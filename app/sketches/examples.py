"""Example sketches that come with the software: `<folder>/examples.json` and one sketch each."""

import json
from pathlib import Path

from typing_extensions import TypedDict

from app.kernel.errors import NotFound
from app.sketches.sources import Sources

_CATALOG = "examples.json"


class Example(TypedDict):
    """An example; `boards` are the cores (`vendor:architecture`) for whose boards it is meant."""

    name: str
    title: str
    summary: str
    boards: list[str]


def list_examples(folder: Path) -> list[Example]:
    """The examples, in the order in which they should be shown."""
    catalog = json.loads((folder / _CATALOG).read_text("utf-8"))
    return [
        Example(name=entry["name"], title=entry["title"], summary=entry["summary"], boards=entry["boards"])
        for entry in catalog["examples"]
    ]


def read_example(folder: Path, name: str) -> Sources:
    """The sources of an example.

    Raises:
        NotFound: there is no such example.
    """
    if name not in {example["name"] for example in list_examples(folder)}:
        raise NotFound("no_such_example", f"There is no example “{name[:48]}”.")
    root = folder / name
    files = {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }
    return Sources(sketch_name=name, files=files)
