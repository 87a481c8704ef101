"""The benchmark runs and says what it measured; how fast this machine is today is not its business."""

import json
from pathlib import Path

import pytest

from tools.bench.__main__ import main
from tools.trial.browser import chromium_path

pytestmark = pytest.mark.system


def test_a_quick_run_prints_a_table_and_writes_ratios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "bench.json"

    assert main(["--quick", "--only", "d", "--json", str(written)]) == 0

    printed = capsys.readouterr().out
    assert "| d | CPU of a check-in, 1,000 bots" in printed
    result = json.loads(written.read_text())
    assert result["is_quick"]
    assert {figure["part"] for figure in result["figures"]} == {"d"}
    assert all(figure["ratio"] > 0 and figure["ours"]["count"] > 0 for figure in result["figures"])


@pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine")
def test_a_quick_run_measures_virtual_bots(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "bench.json"

    assert main(["--quick", "--only", "i", "--json", str(written)]) == 0

    printed = capsys.readouterr().out
    assert "| i | 3 virtual bots that do nothing" in printed
    assert "| i | 3 virtual bots that blink" in printed
    figures = json.loads(written.read_text())["figures"]
    assert all(figure["ours"]["median"] > 0 and figure["baseline"]["median"] > 0 for figure in figures)


def test_an_unknown_part_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "b,z"])

    assert "there is no part z" in capsys.readouterr().err
