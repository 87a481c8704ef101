"""The tests mirror the tree."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# They declare and do nothing; every other test uses them.
_DECLARATIONS = {
    "__init__.py",
    "extensions.py",
    "errors.py",
    "names.py",
    "tables.py",
    "payload.py",
    "payload_types.py",
    "response.py",
    "times.py",
}


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


def test_each_module_has_a_test_file() -> None:
    missing = [str(path) for path in MODULES if not _is_declaration(path) and not _test_of(path).exists()]
    assert missing == []


def _is_declaration(path: Path) -> bool:
    return path.name in _DECLARATIONS


def _test_of(path: Path) -> Path:
    parts = path.relative_to(ROOT).parts
    folder = parts[1:-1] if parts[0] == "app" else parts[:-1]
    name = path.parent.name if path.name == "__main__.py" else path.stem
    return ROOT / "tests" / Path(*folder) / f"test_{name}.py"
