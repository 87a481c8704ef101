"""The command line."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.tools.fleet.test_bot_result import CONFIRMED, COSTS, STATUS
from tools.fleet import __main__ as command
from tools.fleet.bot_result import BotResult, judge
from tools.fleet.faults import FaultKind
from tools.fleet.run import Result, RunOptions

SERVER = ("--server", "http://127.0.0.1:9")


def told(passed: list[RunOptions], result: BotResult) -> Callable[..., Result]:
    def run(_url: str, options: RunOptions, _tell: object) -> Result:
        passed.append(options)
        return Result(previous_digest="", new_digest="", bot_results=[result], costs=COSTS)

    return run


def test_a_fleet_that_ends_well_is_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    passed: list[RunOptions] = []
    monkeypatch.setattr(command, "run_fleet", told(passed, judge(STATUS, CONFIRMED, None)))
    assert command.main([*SERVER, "--bots", "4", "--minutes", "0.5", "--faults", "crash=0.5"]) == 0
    kinds = [fault.kind for fault in passed[0].faults if fault is not None]
    assert (len(passed[0].faults), kinds, passed[0].poll_for_s) == (4, [FaultKind.CRASH] * 2, 30)
    assert "ended as expected" in capsys.readouterr().out


def test_a_stuck_bot_is_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stuck = judge(replace(STATUS, has_called=False), CONFIRMED, None)
    monkeypatch.setattr(command, "run_fleet", told([], stuck))
    assert command.main([*SERVER]) == 1
    assert "bot_1: stuck" in capsys.readouterr().out


def test_a_server_that_is_away_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*SERVER, "--bots", "1"]) == 1
    assert "cannot use this server" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [("--bots", "0"), ("--bots", "10000"), ("--faults", "flood=1")])
def test_what_makes_no_sense_is_refused(wrong: tuple[str, str]) -> None:
    with pytest.raises(SystemExit):
        command.main([*SERVER, *wrong])


def test_only_a_server_of_its_own_is_killed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    passed: list[RunOptions] = []
    monkeypatch.setattr(command, "run_fleet", told(passed, judge(STATUS, CONFIRMED, None)))
    with pytest.raises(SystemExit):
        command.main([*SERVER, "--outage"])
    assert "not one named by --server" in capsys.readouterr().err
    assert command.main([*SERVER]) == 0
    assert [options.outage for options in passed] == [None]
