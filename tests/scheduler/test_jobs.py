"""The jobs of a real server."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.devices.tables import Device
from app.runtime import Runtime
from app.scheduler.jobs import make_jobs
from app.updates.rules import UpdateState
from tests.factories import make_build, make_release, make_update, reread
from tests.fakes import START


def test_names_are_unique_and_intervals_positive(runtime: Runtime) -> None:
    jobs = make_jobs(runtime)
    assert len({job.name for job in jobs}) == len(jobs)
    assert all(job.interval_s > 0 for job in jobs)


def test_updates_of_silent_bots_end(
    runtime: Runtime, session: Session, owner: Account, device: Device
) -> None:
    release = make_release(session, build=make_build(session, account=owner))
    before = START - timedelta(seconds=1)
    row = make_update(session, device=device, release=release, state=UpdateState.OFFERED, deadline_at=before)
    (job,) = [job for job in make_jobs(replace(runtime, sessions=lambda: session)) if "update" in job.name]
    job.run()
    assert reread(session, row).state is UpdateState.TIMED_OUT
