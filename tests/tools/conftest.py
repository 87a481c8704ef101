"""Paths in an empty folder, for the steps to fill."""

from pathlib import Path

import pytest

from tools.setup.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.from_env({}, root=tmp_path)


@pytest.fixture
def lines() -> list[str]:
    """Collects progress lines: pass `lines.append`."""
    return []
