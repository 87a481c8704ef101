"""A small fleet with the real agent against a real server; each fault at least once."""

from dataclasses import dataclass

import pytest

from app.updates.rules import UpdateState
from tools.fleet.faults import OFFER_CALL, Fault, FaultKind
from tools.fleet.host import Ending
from tools.fleet.report import table
from tools.fleet.run import Result, RunOptions, run_fleet
from tools.trial.server import running_server

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

LAST_CALL = 3
"""The first check-in of the new image, after three reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault, and what it leaves behind.

    Attributes:
        end: of the update, on the server.
        endings: how the bot's boots ended.
        rollbacks: how often the bot went back to its previous image.
    """

    fault: Fault | None
    end: UpdateState = UpdateState.CONFIRMED
    endings: dict[Ending, int]
    rollbacks: int = 0


def _confirmed(kind: FaultKind, place: float = 0.5, call: int | None = None) -> Case:
    return Case(fault=Fault(kind=kind, place=place, call=call), endings={Ending.RESTART: 1})


def _power_cut(place: float, **endings: int) -> Case:
    fault = Fault(kind=FaultKind.POWER_CUT, place=place)
    return Case(
        fault=fault, endings={Ending.POWER_CUT: 1, **{Ending(name): endings[name] for name in endings}}
    )


def _rolled_back(kind: FaultKind) -> Case:
    endings = {Ending.RESTART: 1, Ending(kind): 1}
    return Case(fault=Fault(kind=kind), end=UpdateState.ROLLED_BACK, endings=endings, rollbacks=1)


MATRIX = {
    "undisturbed": Case(fault=None, endings={Ending.RESTART: 1}),
    "image cut before its first byte": _confirmed(FaultKind.CUT, 0.0),
    "image cut": _confirmed(FaultKind.CUT),
    "image cut before its last byte": _confirmed(FaultKind.CUT, 0.99999),
    **{f"call {call} cut": _confirmed(FaultKind.CUT, call=call) for call in range(LAST_CALL + 1)},
    "offer cut": _confirmed(FaultKind.CUT, call=OFFER_CALL),
    "offer stalled": _confirmed(FaultKind.STALL, call=OFFER_CALL),
    "offer corrupt": _confirmed(FaultKind.CORRUPT, call=OFFER_CALL),
    "image stalled": _confirmed(FaultKind.STALL),
    "call 2 stalled": _confirmed(FaultKind.STALL, call=2),
    "last call stalled": _confirmed(FaultKind.STALL, call=LAST_CALL),
    "first byte of the image corrupt": _confirmed(FaultKind.CORRUPT, 0.0),
    "image corrupt": _confirmed(FaultKind.CORRUPT),
    **{f"call {call} corrupt": _confirmed(FaultKind.CORRUPT, call=call) for call in range(LAST_CALL + 1)},
    "crash": _rolled_back(FaultKind.CRASH),
    "hang": _rolled_back(FaultKind.HANG),
    "power cut before the first byte": _power_cut(0.0, restart=1),
    "power cut while writing": _power_cut(0.5, restart=1),
    "power cut before the last byte": _power_cut(0.99999, restart=1),
    "power cut after the switch": _power_cut(1.0),
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    lines: list[str] = []
    run_options = RunOptions(faults=[case.fault for case in MATRIX.values()], poll_for_s=6)
    with running_server(tmp_path_factory.mktemp("airsketch")) as server:
        found = run_fleet(server.url, run_options, lines.append)
    assert "bots up" in lines[-1]
    return found


def test_every_bot_and_every_update_ends_well(result: Result) -> None:
    assert len(result.bot_results) == len(MATRIX)
    assert [bot for bot in result.bot_results if bot.failure] == [], table(result)


@pytest.mark.parametrize("name", MATRIX)
def test_each_fault_leaves_server_and_bot_in_the_state_that_the_matrix_says(
    result: Result, name: str
) -> None:
    case = MATRIX[name]
    (bot,) = [found for found in result.bot_results if found.fault == case.fault]
    assert bot.status.fault_happened is (case.fault is not None)
    assert bot.end == case.end
    digest = result.new_digest if case.end is UpdateState.CONFIRMED else result.previous_digest
    assert bot.outcome is not None
    assert (bot.outcome.digest, bot.status.digest) == (digest, digest)
    assert dict(bot.status.endings) == case.endings
    assert bot.status.rollbacks == case.rollbacks


def test_costs_are_measured(result: Result) -> None:
    costs = result.costs
    assert costs.agents_per_core > 10
    assert 0 < costs.cpu_ms_per_check_in < 1000
    assert 0 < costs.cpu_ms_per_update < 10_000
    assert costs.peak_memory_bytes > 2**20
    assert costs.last_update_s >= costs.median_update_s > 0


def test_a_server_that_is_killed_in_the_middle_of_the_update_loses_none(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    killed: list[int] = []
    with running_server(tmp_path_factory.mktemp("airsketch")) as server:
        run_options = RunOptions(
            faults=[None] * 6, poll_for_s=3, outage=lambda: killed.append(server.kill("gunicorn"))
        )
        found = run_fleet(server.url, run_options, lambda _line: None)
    assert len(killed) == 1
    assert [bot for bot in found.bot_results if bot.failure] == [], table(found)
    assert {bot.end for bot in found.bot_results} == {UpdateState.CONFIRMED}
    assert {bot.status.digest for bot in found.bot_results} == {found.new_digest}
