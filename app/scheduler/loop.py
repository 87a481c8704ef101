"""Runs the jobs while this process leads."""

import logging
import time
from collections.abc import Callable, Sequence
from threading import Event, Thread

from app.kernel.logging import bound
from app.scheduler.jobs import Job
from app.scheduler.lease import BEAT_INTERVAL_S, Lease

logger = logging.getLogger(__name__)

_TICK_S = 0.5


class Scheduler:
    """Runs each job at its interval; a failing one does not stop the others.

    Args:
        after_job: called after each job, whatever became of it.
    """

    def __init__(self, lease: Lease, jobs: Sequence[Job], after_job: Callable[[], object]) -> None:
        self._lease = lease
        self._jobs = jobs
        self._after_job = after_job
        self._due: dict[str, float] = {}

    def run(self, stop: Event) -> None:
        """Lead or wait to lead, until `stop` is set."""
        # A job may take longer than the lease lasts, so the beats have a thread of their own.
        beats = Thread(target=self._beat, args=(stop,), name="lease", daemon=True)
        beats.start()
        while not stop.wait(_TICK_S):
            self.tick(time.monotonic())
        beats.join(BEAT_INTERVAL_S)
        self._lease.give_back()

    def tick(self, now: float) -> None:
        """Run the jobs that are due; all of them when this process has just become the leader.

        Args:
            now: monotonic seconds.
        """
        if not self._lease.is_held:
            self._due.clear()
            return
        for job in self._jobs:
            if now >= self._due.get(job.name, now) and self._lease.is_held:
                self._due[job.name] = now + job.interval_s
                with bound(job=job.name):
                    self._run(job)

    def _run(self, job: Job) -> None:
        try:
            job.run()
        except Exception:
            logger.exception("job_failed")
        finally:
            self._after_job()

    def _beat(self, stop: Event) -> None:
        leads = False
        while not stop.is_set():
            try:
                led, leads = leads, self._lease.beat()
                if leads and not led:
                    logger.info("scheduler_leads")
                if led and not leads:
                    logger.warning("scheduler_replaced")
            except Exception:
                logger.exception("lease_not_renewed")
            stop.wait(BEAT_INTERVAL_S)
