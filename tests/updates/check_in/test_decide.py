"""What a check-in means, without a database."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.devices.rules import CheckInReport
from app.updates.check_in.decide import Plan, plan
from app.updates.check_in.statements import RARELY_CHANGED, REPORTED, CheckInRow
from app.updates.rules import UpdateEvent, UpdateState
from tests.fakes import START
from tests.updates.check_in.test_service import REPORT

TARGET = "a" * 64


def row(**changes: object) -> CheckInRow:
    """A bot that reported `REPORT` a moment ago and has no open update."""
    reported = {name: getattr(REPORT, name) for name in REPORTED}
    quiet = dict.fromkeys(RARELY_CHANGED) | {"network_revision_used": 0, "network_failed_revision": 0}
    calm = {"last_seen_at": START, "poll_after_s": 60, "update_id": None}
    return cast(CheckInRow, SimpleNamespace(**{**quiet, **reported, **calm, **changes}))


def planned(report: CheckInReport = REPORT, **changes: object) -> Plan:
    return plan(row(**changes), report, chip="virtual", now=START)


def armed(state: UpdateState = UpdateState.ARMED, chip: str = "virtual") -> dict[str, Any]:
    release = {"target_digest": TARGET, "release_chip": chip, "release_fqbn": REPORT.board}
    return {"update_id": "u", "update_state": state, **release}


def test_a_call_that_changes_nothing_is_quiet_and_not_published() -> None:
    made = planned()
    assert (made.is_quiet, made.is_published, made.leaves_no_open_update) == (True, False, True)


def test_a_call_that_moves_an_update_is_neither() -> None:
    made = planned(**armed())
    assert made.decision.event is UpdateEvent.OFFER
    assert (made.is_quiet, made.is_published, made.leaves_no_open_update) == (False, True, False)


def test_asking_for_the_previous_firmware_is_not_quiet() -> None:
    assert planned(replace(REPORT, wants_rollback=True)).is_quiet is False


@pytest.mark.parametrize("chip", ["virtual", "esp32"])
def test_the_chip_decides_whether_an_update_fits(chip: str) -> None:
    event = planned(**armed(chip=chip)).decision.event
    assert event is (UpdateEvent.OFFER if chip == "virtual" else UpdateEvent.REFUSE)


def test_an_update_that_ends_with_the_call_leaves_none_open() -> None:
    made = planned(replace(REPORT, image_digest=TARGET), **armed(UpdateState.RESTARTING))
    assert made.leaves_no_open_update is True


@pytest.mark.parametrize(
    "change",
    [
        {"last_seen_at": None},
        {"last_seen_at": START - timedelta(seconds=5)},
        {"last_seen_at": START - timedelta(hours=1)},
        {"version": "2"},
        {"sends_log": True},
    ],
    ids=str,
)
def test_pages_are_told_of_what_they_would_show(change: dict[str, Any]) -> None:
    assert planned(**change).is_published is True
