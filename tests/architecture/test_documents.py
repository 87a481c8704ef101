"""What the documents name exists: files, tests, modules; decisions have the agreed form."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "device_sketch").glob("*.md"),
    ROOT / "device_sketch" / "libraries" / "AirsketchBot" / "README.md",
]
# The set-up and the server make these.
_MADE = ("sketches/users",)
_TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
_TEST_FILES = {path.name for path in (ROOT / "tests").rglob("test_*.py")}


def _names(document: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, document.read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_that_is_named_exists(document: Path) -> None:
    folders = "app|compiler_worker|device_sketch|docs|sketches|static|tests|tools"
    named = _names(document, rf"`((?:{folders})/[\w./-]+)`")
    missing = [name for name in named if not name.startswith(_MADE) and not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_module_that_is_named_exists(document: Path) -> None:
    named = _names(document, r"`(?:[\w./]*python -m )?((?:tools|compiler_worker)\.[\w.]+)[ `]")
    assert [name for name in named if not _is_module(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_test_that_is_named_exists(document: Path) -> None:
    functions = [name for name in _names(document, r"`(test_\w+)`") if f"def {name}(" not in _TESTS]
    files = _names(document, r"`(test_\w+\.py)`") - _TEST_FILES
    assert (functions, files) == ([], set())


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_each_decision_has_the_agreed_form_and_is_in_the_index(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert re.match(rf"# {int(decision.stem[:4])}\. \w", text)
    assert re.search(r"^- Status: (proposed|accepted|replaced)", text, re.MULTILINE)
    assert re.search(r"^- Date: \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
    sections = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
    assert sections == ["Context", "Decision", "Alternatives", "Consequences"]
    assert f"({decision.name})" in (decision.parent / "README.md").read_text(encoding="utf-8")


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()
