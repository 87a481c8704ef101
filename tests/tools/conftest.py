"""Places in an empty folder, for the steps to fill."""

from pathlib import Path

import pytest

from tools.setup.paths import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.from_env({}, root=tmp_path)


@pytest.fixture
def lines() -> list[str]:
    """Collects progress lines: pass `lines.append`."""
    return []
