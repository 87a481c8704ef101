"""The command line."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.tools.fleet.test_verdict import CONFIRMED, COSTS, NEWS
from tools.fleet import __main__ as command
from tools.fleet.faults import FaultKind
from tools.fleet.run import Result, Wish
from tools.fleet.verdict import Verdict, judge

SERVER = ("--server", "http://127.0.0.1:9")


def told(wishes: list[Wish], verdict: Verdict) -> Callable[..., Result]:
    def run(_url: str, wish: Wish, _tell: object) -> Result:
        wishes.append(wish)
        return Result(former_digest="", new_digest="", verdicts=[verdict], costs=COSTS)

    return run


def test_a_fleet_that_ends_well_is_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wishes: list[Wish] = []
    monkeypatch.setattr(command, "run_fleet", told(wishes, judge(NEWS, CONFIRMED, None)))
    assert command.main([*SERVER, "--bots", "4", "--minutes", "0.5", "--faults", "crash=0.5"]) == 0
    kinds = [fault.kind for fault in wishes[0].faults if fault is not None]
    assert (len(wishes[0].faults), kinds, wishes[0].poll_for_s) == (4, [FaultKind.CRASH] * 2, 30)
    assert "honest end" in capsys.readouterr().out


def test_a_stuck_bot_is_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stuck = judge(replace(NEWS, has_called=False), CONFIRMED, None)
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
    wishes: list[Wish] = []
    monkeypatch.setattr(command, "run_fleet", told(wishes, judge(NEWS, CONFIRMED, None)))
    with pytest.raises(SystemExit):
        command.main([*SERVER, "--outage"])
    assert "not one named by --server" in capsys.readouterr().err
    assert command.main([*SERVER]) == 0
    assert [wish.outage for wish in wishes] == [None]
