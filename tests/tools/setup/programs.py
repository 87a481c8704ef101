"""Stand-ins for programs: small shell scripts in a folder of the PATH."""

from pathlib import Path

import pytest


def put_program(folder: Path, name: str, script: str) -> Path:
    """Write an executable shell script."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def only_path(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make one folder the whole PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("PATH", str(folder))
