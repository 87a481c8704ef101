"""The benchmark runs and says what it measured; how fast this machine is today is not its business."""

import json
from pathlib import Path

import pytest

from tests.bench.__main__ import main

pytestmark = pytest.mark.system


def test_a_quick_run_prints_a_table_and_writes_ratios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "bench.json"

    assert main(["--quick", "--only", "b,d", "--json", str(written)]) == 0

    printed = capsys.readouterr().out
    assert "| b | Blink: the same sources again" in printed
    assert "| d | CPU of a check-in, 1,000 bots" in printed
    result = json.loads(written.read_text())
    assert result["is_quick"]
    assert {figure["part"] for figure in result["figures"]} == {"b", "d"}
    assert all(figure["ratio"] > 0 and figure["ours"]["count"] > 0 for figure in result["figures"])


def test_an_unknown_part_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "b,z"])

    assert "there is no part z" in capsys.readouterr().err
