"""The clock of this machine."""

from datetime import UTC, datetime, timedelta

from app.kernel.clock import Clock, SystemClock
from tests.fakes import FixedClock


def test_the_time_is_aware_utc() -> None:
    clocks: list[Clock] = [SystemClock(), FixedClock()]
    for clock in clocks:
        assert clock.now().utcoffset() == timedelta(0)


def test_the_time_is_now() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock()
    before = clock.now()
    assert clock.now() == before
    clock.tick(2.5)
    assert clock.now() - before == timedelta(seconds=2.5)
