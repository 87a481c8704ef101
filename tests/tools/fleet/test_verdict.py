"""Verdicts on bots, and their report."""

from dataclasses import replace

import pytest

from app.updates.rules import UpdateState
from tools.fleet.bot import BotNews
from tools.fleet.faults import Fault, FaultKind
from tools.fleet.ground import Outcome
from tools.fleet.host import Ending
from tools.fleet.report import table
from tools.fleet.run import Costs, Result
from tools.fleet.verdict import judge

NEWS = BotNews(product_id="bot_1", boots=2, has_called=True, digest="ab" * 32)
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
    assert judge(NEWS, CONFIRMED, None).complaint == ""


def test_a_rollback_after_a_crash_is_well() -> None:
    news = replace(NEWS, endings=((Ending.RESTART, 1), (Ending.CRASH, 1)), fault_happened=True)
    assert judge(news, replace(CONFIRMED, state=UpdateState.ROLLED_BACK), CRASH).complaint == ""


@pytest.mark.parametrize(
    ("news", "outcome", "fault", "word"),
    [
        (replace(NEWS, has_called=False), CONFIRMED, None, "stuck"),
        (NEWS, None, None, "no update"),
        (NEWS, replace(CONFIRMED, state=UpdateState.DOWNLOADING), None, "no end"),
        (NEWS, replace(CONFIRMED, digest="cd" * 32), None, "believes"),
        (NEWS, replace(CONFIRMED, state=UpdateState.ROLLED_BACK), None, "ended rolled_back"),
        (NEWS, replace(CONFIRMED, state=UpdateState.TIMED_OUT), CRASH, "ended timed_out"),
        (NEWS, CONFIRMED, CRASH, "ended confirmed"),
        (replace(NEWS, endings=((Ending.CRASH, 1),)), CONFIRMED, None, "crashed"),
    ],
)
def test_what_is_not_well_is_said(
    news: BotNews, outcome: Outcome | None, fault: Fault | None, word: str
) -> None:
    assert word in judge(news, outcome, fault).complaint


def test_the_report_counts_ends_by_fault() -> None:
    happened = replace(NEWS, fault_happened=True)
    verdicts = [judge(NEWS, CONFIRMED, None)] * 3 + [judge(happened, CONFIRMED, Fault(kind=FaultKind.CUT))]
    text = table(Result(former_digest="", new_digest="", verdicts=verdicts, costs=COSTS))
    assert "    3  none               -  3 confirmed" in text
    assert "    1  cut                1  1 confirmed" in text
    assert text.endswith("Every bot boots and calls, and every update has an honest end.")


def test_the_report_names_who_did_not_end_well() -> None:
    text = table(
        Result(
            former_digest="",
            new_digest="",
            verdicts=[judge(replace(NEWS, has_called=False), CONFIRMED, None)],
            costs=COSTS,
        )
    )
    assert "bot_1: stuck" in text
    assert text.endswith("1 bots did not end well.")
