"""The loop of the scheduler: each job at its interval, and only while this process leads."""

from dataclasses import dataclass, field

import pytest

from app.scheduler.jobs import Job
from app.scheduler.loop import Scheduler
from tests.logs import Log


@dataclass
class FakeLease:
    """A lease that is held or not."""

    is_held: bool = True

    def beat(self) -> bool:
        return self.is_held

    def give_back(self) -> None:
        self.is_held = False


@dataclass
class Diary:
    """What was run, in order."""

    done: list[str] = field(default_factory=list)

    def job(self, name: str, interval_s: float, error: Exception | None = None) -> Job:
        def run() -> None:
            self.done.append(name)
            if error:
                raise error

        return Job(name=name, interval_s=interval_s, run=run)


@pytest.fixture
def diary() -> Diary:
    return Diary()


def scheduler(lease: FakeLease, diary: Diary, *jobs: Job) -> Scheduler:
    return Scheduler(lease, jobs, after_job=lambda: diary.done.append("-"))  # type: ignore[arg-type]


def test_a_job_runs_at_its_interval(diary: Diary) -> None:
    loop = scheduler(FakeLease(), diary, diary.job("often", 5), diary.job("seldom", 20))
    for now in range(21):
        loop.tick(float(now))
    assert (diary.done.count("often"), diary.done.count("seldom")) == (5, 2)


def test_who_does_not_lead_does_nothing(diary: Diary) -> None:
    scheduler(FakeLease(is_held=False), diary, diary.job("a", 5)).tick(0.0)
    assert diary.done == []


def test_a_new_leader_does_everything_at_once(diary: Diary) -> None:
    lease = FakeLease()
    loop = scheduler(lease, diary, diary.job("a", 100))
    loop.tick(0.0)
    lease.is_held = False
    loop.tick(1.0)
    lease.is_held = True
    loop.tick(2.0)
    assert diary.done == ["a", "-", "a", "-"]


def test_a_leader_that_loses_its_lease_begins_no_further_job(diary: Diary) -> None:
    lease = FakeLease()
    lost = Job(name="lost", interval_s=1, run=lambda: setattr(lease, "is_held", False))
    scheduler(lease, diary, lost, diary.job("a", 5)).tick(0.0)
    assert diary.done == ["-"]


def test_a_failed_job_is_logged_by_name_and_stops_no_other(diary: Diary, log: Log) -> None:
    loop = scheduler(FakeLease(), diary, diary.job("bad", 5, ValueError("broken")), diary.job("good", 5))
    for now in (0.0, 5.0):
        loop.tick(now)
    assert diary.done == ["bad", "-", "good", "-"] * 2
    (first, _) = log.lines("job_failed")
    assert " job=bad " in first
    assert "ValueError: broken" in first
