"""A small fleet with the real agent against a real server; each fault at least once."""

import pytest

from app.domain.updates import UpdateState
from tests.fleet.faults import FaultKind, ends_of
from tests.fleet.report import table
from tests.fleet.run import Result, Wish, run_fleet
from tests.system.server import Server, running_server

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

EACH = dict.fromkeys(FaultKind, 0.1)
BOTS = 10


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    with running_server(tmp_path_factory.mktemp("airsketch")) as server:
        return _run(server)


def _run(server: Server) -> Result:
    lines: list[str] = []
    found = run_fleet(server.url, Wish(bots=BOTS, poll_for_s=10, faults=EACH, seed=7), lines.append)
    assert "bots up" in lines[-1]
    return found


def test_every_bot_and_every_update_ends_well(result: Result) -> None:
    assert len(result.verdicts) == BOTS
    assert [verdict for verdict in result.verdicts if verdict.complaint] == [], table(result)


@pytest.mark.parametrize("kind", list(FaultKind))
def test_each_fault_happens_and_has_its_end(result: Result, kind: FaultKind) -> None:
    met = [verdict for verdict in result.verdicts if verdict.fault is not None and verdict.fault.kind is kind]
    assert met
    assert all(verdict.has_happened for verdict in met)
    assert {verdict.end for verdict in met} <= ends_of(kind)


def test_undisturbed_bots_are_confirmed(result: Result) -> None:
    ends = {verdict.end for verdict in result.verdicts if verdict.fault is None}
    assert ends == {UpdateState.CONFIRMED}


def test_costs_are_measured(result: Result) -> None:
    costs = result.costs
    assert costs.agents_per_core > 10
    assert 0 < costs.cpu_ms_per_check_in < 1000
    assert costs.peak_memory_bytes > 2**20
    assert costs.last_update_s >= costs.median_update_s > 0
