"""Verdicts on bots, and their report."""

from dataclasses import replace

import pytest

from app.updates.rules import UpdateState
from tools.fleet.bot import BotStatus
from tools.fleet.bot_result import judge
from tools.fleet.faults import Fault, FaultKind
from tools.fleet.host import Ending
from tools.fleet.report import table
from tools.fleet.run import Costs, Result
from tools.fleet.server import Outcome

STATUS = BotStatus(product_id="bot_1", boots=2, has_called=True, digest="ab" * 32)
CONFIRMED = Outcome(state=UpdateState.CONFIRMED, error="", digest="ab" * 32, ended_after_s=4)
CRASH = Fault(kind=FaultKind.CRASH)
COSTS = Costs(
    agents_per_core=300,
    memory_bytes_per_agent=2**20,
    cpu_ms_per_check_in=1.25,
    cpu_ms_per_update=12,
    peak_memory_bytes=2**27,
    updates_per_minute=90,
    median_update_s=4,
    last_update_s=20,
)


def test_a_confirmed_update_that_the_bot_runs_is_well() -> None:
    assert judge(STATUS, CONFIRMED, None).failure == ""


def test_a_rollback_after_a_crash_is_well() -> None:
    status = replace(STATUS, endings=((Ending.RESTART, 1), (Ending.CRASH, 1)), fault_happened=True)
    assert judge(status, replace(CONFIRMED, state=UpdateState.ROLLED_BACK), CRASH).failure == ""


@pytest.mark.parametrize(
    ("status", "outcome", "fault", "word"),
    [
        (replace(STATUS, has_called=False), CONFIRMED, None, "stuck"),
        (STATUS, None, None, "no update"),
        (STATUS, replace(CONFIRMED, state=UpdateState.DOWNLOADING), None, "not ended"),
        (STATUS, replace(CONFIRMED, digest="cd" * 32), None, "recorded"),
        (STATUS, replace(CONFIRMED, state=UpdateState.ROLLED_BACK), None, "ended rolled_back"),
        (STATUS, replace(CONFIRMED, state=UpdateState.TIMED_OUT), CRASH, "ended timed_out"),
        (STATUS, CONFIRMED, CRASH, "ended confirmed"),
        (replace(STATUS, endings=((Ending.CRASH, 1),)), CONFIRMED, None, "crashed"),
    ],
)
def test_what_went_wrong_is_reported(
    status: BotStatus, outcome: Outcome | None, fault: Fault | None, word: str
) -> None:
    assert word in judge(status, outcome, fault).failure


def test_the_report_counts_ends_by_fault() -> None:
    happened = replace(STATUS, fault_happened=True)
    good = judge(STATUS, CONFIRMED, None)
    cut = judge(happened, CONFIRMED, Fault(kind=FaultKind.CUT))
    text = table(Result(previous_digest="", new_digest="", bot_results=[good, good, good, cut], costs=COSTS))
    assert "    3  none               -  3 confirmed" in text
    assert "    1  cut                1  1 confirmed" in text
    assert text.endswith("Every bot boots and checks in, and every update ended as expected.")


def test_the_report_names_bots_that_failed() -> None:
    text = table(
        Result(
            previous_digest="",
            new_digest="",
            bot_results=[judge(replace(STATUS, has_called=False), CONFIRMED, None)],
            costs=COSTS,
        )
    )
    assert "bot_1: stuck" in text
    assert text.endswith("Bots that failed: 1.")
