"""One leader at a time, whatever the clocks say and whoever is killed."""

import threading
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.scheduler.lease import BEAT_INTERVAL_S, LEASE_S, Lease, last_beat
from tests.fakes import START, FixedClock


@dataclass
class Ticks:
    """Monotonic seconds of one machine."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def leader(engine: Engine, clock: FixedClock, ticks: Ticks) -> Lease:
    """A process that leads."""
    lease = Lease(engine, clock, ticks)
    assert lease.beat()
    return lease


@pytest.fixture
def follower(engine: Engine, clock: FixedClock, ticks: Ticks, leader: Lease) -> Lease:
    """A process that waits to lead."""
    lease = Lease(engine, clock, ticks)
    assert not lease.beat()
    return lease


def test_who_does_not_hold_the_lease_does_not_lead(leader: Lease, follower: Lease) -> None:
    assert (leader.is_held, follower.is_held) == (True, False)


def test_a_living_leader_stays(leader: Lease, follower: Lease, ticks: Ticks) -> None:
    for _ in range(20):
        ticks.now += BEAT_INTERVAL_S
        assert (leader.beat(), follower.beat()) == (True, False)
    assert leader.is_held


def test_a_silent_leader_is_replaced_when_its_lease_ends_and_not_before(
    leader: Lease, follower: Lease, ticks: Ticks
) -> None:
    ticks.now += LEASE_S - 1
    assert not follower.beat()
    assert leader.is_held
    ticks.now += 1
    assert not leader.is_held, "it has stopped by itself before another begins"
    assert follower.beat()
    assert follower.is_held


def test_a_leader_that_wakes_up_after_its_lease_follows(leader: Lease, follower: Lease, ticks: Ticks) -> None:
    ticks.now += LEASE_S
    assert follower.beat()
    assert not leader.beat()
    assert not leader.is_held


def test_a_lease_that_is_given_back_is_free_at_once(leader: Lease, follower: Lease) -> None:
    leader.give_back()
    assert not leader.is_held
    assert follower.beat()


def test_who_does_not_hold_the_lease_cannot_give_it_back(leader: Lease, follower: Lease) -> None:
    follower.give_back()
    assert leader.beat()
    assert not follower.beat()


@pytest.mark.parametrize("step_s", [-86_400.0, 86_400.0])
def test_a_step_of_the_wall_clock_moves_no_lease(
    leader: Lease, follower: Lease, ticks: Ticks, clock: FixedClock, step_s: float
) -> None:
    clock.tick(step_s)
    ticks.now += BEAT_INTERVAL_S
    assert (follower.beat(), leader.beat(), follower.beat()) == (False, True, False)


def test_machines_with_other_clocks_agree(leader: Lease, engine: Engine, ticks: Ticks) -> None:
    theirs = Ticks(now=5.0)
    follower = Lease(engine, FixedClock(), theirs)
    assert not follower.beat()
    theirs.now += LEASE_S - 1
    ticks.now += LEASE_S - 1
    assert leader.beat()
    theirs.now += 1
    assert not follower.beat(), "the leader has shown a sign of life"
    theirs.now += LEASE_S
    assert follower.beat()


def test_of_many_that_want_to_lead_one_does(engine: Engine, clock: FixedClock) -> None:
    leases = [Lease(engine, clock) for _ in range(8)]
    together = threading.Barrier(len(leases))
    won: list[bool] = []

    def take(lease: Lease) -> None:
        together.wait()
        won.append(lease.beat())

    threads = [threading.Thread(target=take, args=(lease,)) for lease in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]
    assert [lease.is_held for lease in leases].count(True) == 1


def test_the_last_beat_is_there_to_be_seen(session: Session, engine: Engine, clock: FixedClock) -> None:
    assert last_beat(session) is None
    session.rollback()
    lease = Lease(engine, clock)
    for expected_s in (0, 7):
        clock.time = START
        clock.tick(expected_s)
        lease.beat()
        session.rollback()
        assert last_beat(session) == clock.now()
