"""Faults on demand."""

from collections import Counter

import pytest

from app.updates.rules import UpdateState
from tools.fleet.faults import OFFER_CALL, Fault, FaultKind, Injector, ends_of, hand_out, parse_rates

IMAGE = "/device/v1/firmware/u1"
REPORT = "/device/v1/updates/u1/reports"
CHECK_IN = "/device/v1/check-in"
LOG = "/device/v1/log"


def test_rates_are_read() -> None:
    assert parse_rates("cut=0.05,power-cut=0.1") == {FaultKind.CUT: 0.05, FaultKind.POWER_CUT: 0.1}
    assert parse_rates("") == {}


@pytest.mark.parametrize("text", ["flood=0.1", "cut", "cut=x", "cut=-0.1", "cut=0.6,hang=0.6"])
def test_rates_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_rates(text)


def test_every_fault_comes_as_often_as_asked_and_at_least_once() -> None:
    rates = parse_rates("cut=0.5,crash=0.01,hang=0")
    kinds = Counter(fault.kind if fault else None for fault in hand_out(rates, 20, seed=1))
    assert kinds == {FaultKind.CUT: 10, FaultKind.CRASH: 1, None: 9}


def test_the_same_seed_gives_the_same_faults() -> None:
    rates = parse_rates("cut=0.3,stall=0.3")
    assert hand_out(rates, 20, seed=4) == hand_out(rates, 20, seed=4)
    assert hand_out(rates, 20, seed=4) != hand_out(rates, 20, seed=5)


def test_more_faults_than_bots_are_cut_to_the_bots() -> None:
    assert len(hand_out(parse_rates("cut=0.5,stall=0.5"), 1, seed=1)) == 1


def test_a_fault_of_the_image_disturbs_the_image_only_and_once() -> None:
    injector = Injector(Fault(kind=FaultKind.CUT, place=0.25))
    assert injector.disturbance(REPORT, 100) is None
    found = injector.disturbance(IMAGE, 1000)
    assert found is not None
    assert (found.kind, found.at_byte) == (FaultKind.CUT, 250)
    injector.happened()
    assert injector.disturbance(IMAGE, 1000) is None


def test_a_fault_of_a_call_counts_calls_from_the_first_report_on() -> None:
    injector = Injector(Fault(kind=FaultKind.STALL, place=0.5, call=1))
    assert injector.disturbance(CHECK_IN, 100) is None
    assert injector.disturbance(REPORT, 100) is None
    assert injector.disturbance(IMAGE, 100) is None
    assert injector.disturbance(LOG, 0) is None
    assert injector.disturbance(CHECK_IN, 100) is not None


def test_a_fault_of_the_offer_waits_for_an_answer_that_holds_one() -> None:
    injector = Injector(Fault(kind=FaultKind.CUT, place=0.5, call=OFFER_CALL))
    for size in (120, 118, 122):
        assert injector.disturbance(CHECK_IN, size) is None
    assert injector.disturbance(LOG, 900) is None
    found = injector.disturbance(CHECK_IN, 500)
    assert found is not None
    assert found.at_byte == 250
    injector.happened()
    assert injector.disturbance(CHECK_IN, 500) is None


def test_an_offer_is_no_other_call_of_the_update() -> None:
    injector = Injector(Fault(kind=FaultKind.CUT, place=0.5, call=0))
    assert injector.disturbance(CHECK_IN, 120) is None
    assert injector.disturbance(CHECK_IN, 500) is None
    assert injector.disturbance(REPORT, 100) is not None


@pytest.mark.parametrize(
    ("place", "done", "size", "left"),
    [
        (0.0, 0, 100, 0),
        (0.5, 400, 200, 100),
        (0.5, 200, 200, None),
        (0.5, 600, 200, None),
        (1.0, 800, 200, None),
    ],
)
def test_power_fails_at_its_byte(place: float, done: int, size: int, left: int | None) -> None:
    injector = Injector(Fault(kind=FaultKind.POWER_CUT, place=place))
    assert injector.cuts_power_within(done, size, 1000) == left
    assert injector.cuts_power_after_switch() is (place >= 1)
    injector.happened()
    assert injector.cuts_power_within(done, size, 1000) is None
    assert not injector.cuts_power_after_switch()


def test_nothing_happens_without_a_fault() -> None:
    injector = Injector(None)
    assert injector.disturbance(IMAGE, 1000) is None
    assert injector.cuts_power_within(0, 1000, 1000) is None


@pytest.mark.parametrize("kind", [None, *FaultKind])
def test_each_fault_has_its_honest_ends(kind: FaultKind | None) -> None:
    ends = ends_of(kind)
    assert (UpdateState.ROLLED_BACK in ends) is (kind in {FaultKind.CRASH, FaultKind.HANG})
    assert (UpdateState.CONFIRMED in ends) is (UpdateState.ROLLED_BACK not in ends)
    assert UpdateState.TIMED_OUT not in ends
