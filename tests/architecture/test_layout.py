"""The tree keeps its promises: sizes, a test file for each module."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_MAX_FILE_LINES = 300
_MAX_FUNCTION_LINES = 40
# They declare and do nothing; every other test uses them.
_DECLARATIONS = {"__init__.py", "ports.py", "extensions.py", "errors.py", "events.py"}


def _tracked(pattern: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        ROOT / line for line in done.stdout.split() if "migrations/" not in line and (ROOT / line).exists()
    ]


MODULES = [path for folder in ("app", "compiler_worker") for path in _tracked(f"{folder}/*.py")]


@pytest.mark.parametrize("path", [*MODULES, *_tracked("scripts/*.py"), *_tracked("static/*.js")], ids=str)
def test_no_file_is_longer_than_a_reader_bears(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= _MAX_FILE_LINES


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < _MAX_FUNCTION_LINES, node.name


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in MODULES
        if path.name not in _DECLARATIONS and path.parent.name not in {"models", "payloads"}
    ],
    ids=str,
)
def test_each_module_has_a_test_file(path: Path) -> None:
    relative = path.relative_to(ROOT)
    parts = relative.parts[1:] if relative.parts[0] == "app" else relative.parts
    expected = ROOT / "tests" / Path(*parts[:-1]) / f"test_{path.name}"
    assert expected.exists(), f"{relative} has no {expected.relative_to(ROOT)}"
