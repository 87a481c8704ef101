"""A small fleet with the real agent against a real server; each fault at least once."""

from dataclasses import dataclass

import pytest

from app.domain.updates import UpdateState
from tests.fleet.faults import FaultKind, ends_of
from tests.fleet.host import Ending
from tests.fleet.report import table
from tests.fleet.run import Result, Wish, run_fleet
from tests.fleet.verdict import Verdict
from tests.system.server import running_server

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

EACH = dict.fromkeys(FaultKind, 0.1)
BOTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a fault makes of a bot: how its boots ended, and how often it went back to its former image."""

    endings: dict[Ending, int]
    rollbacks: int = 0


UNDISTURBED = Expected(endings={Ending.RESTART: 1})
MATRIX = {
    None: UNDISTURBED,
    FaultKind.CUT: UNDISTURBED,
    FaultKind.STALL: UNDISTURBED,
    FaultKind.CORRUPT: UNDISTURBED,
    FaultKind.CRASH: Expected(endings={Ending.RESTART: 1, Ending.CRASH: 1}, rollbacks=1),
    FaultKind.HANG: Expected(endings={Ending.RESTART: 1, Ending.HANG: 1}, rollbacks=1),
    FaultKind.POWER_CUT: Expected(endings={Ending.RESTART: 1, Ending.POWER_CUT: 1}),
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    lines: list[str] = []
    with running_server(tmp_path_factory.mktemp("airsketch")) as server:
        found = run_fleet(server.url, Wish(bots=BOTS, poll_for_s=10, faults=EACH, seed=7), lines.append)
    assert "bots up" in lines[-1]
    return found


def test_every_bot_and_every_update_ends_well(result: Result) -> None:
    assert len(result.verdicts) == BOTS
    assert [verdict for verdict in result.verdicts if verdict.complaint] == [], table(result)


@pytest.mark.parametrize("kind", [None, *FaultKind])
def test_each_fault_leaves_server_and_bot_in_the_state_that_the_matrix_says(
    result: Result, kind: FaultKind | None
) -> None:
    met = [verdict for verdict in result.verdicts if verdict.kind is kind]
    assert met
    for verdict in met:
        _check(verdict, result)


def _check(verdict: Verdict, result: Result) -> None:
    assert verdict.news.fault_happened is (verdict.fault is not None)
    assert verdict.end in ends_of(verdict.kind)
    is_confirmed = verdict.end == UpdateState.CONFIRMED
    digest = result.new_digest if is_confirmed else result.former_digest
    assert verdict.outcome is not None
    assert (verdict.outcome.digest, verdict.news.digest) == (digest, digest)
    expected = MATRIX[verdict.kind]
    assert dict(verdict.news.endings) == expected.endings
    assert verdict.news.rollbacks == expected.rollbacks


def test_costs_are_measured(result: Result) -> None:
    costs = result.costs
    assert costs.agents_per_core > 10
    assert 0 < costs.cpu_ms_per_check_in < 1000
    assert 0 < costs.cpu_ms_per_update < 10_000
    assert costs.peak_memory_bytes > 2**20
    assert costs.last_update_s >= costs.median_update_s > 0
