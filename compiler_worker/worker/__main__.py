"""The compile worker process: `python -m compiler_worker.worker`."""

import gc
import logging
import os
import signal
import socket
import sys
from resource import struct_rusage
from types import FrameType
from uuid import uuid4

from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.exc import OperationalError

from app.builds.queue import JOB_FUNCTIONS, JobKind, Priority, priority_of
from app.builds.rules import BuildId
from app.kernel.errors import Unavailable
from compiler_worker.arduino.catalog import read_catalog
from compiler_worker.arduino.toolchain import ToolchainError
from compiler_worker.sandbox.jail import JailError
from compiler_worker.worker import jobs, reaper
from compiler_worker.worker.context import WorkerContext, begin_logging, worker_context
from compiler_worker.worker.warm_up import warm_up

logger = logging.getLogger("compiler_worker.worker")

# With RQ's defaults a killed worker counts as alive for many minutes.
_WORKER_TTL_S = 30
_MAINTENANCE_INTERVAL_S = 10
_JOB_MONITORING_INTERVAL_S = 5


class BuildWorker(Worker):
    """RQ's worker, which stops at once: an interrupted build is marked as lost instead of awaited.

    Args:
        context: says which cores there are, and so which lanes of the queue to listen to.
    """

    def __init__(self, context: WorkerContext, name: str) -> None:
        self._context = context
        lanes = self._lanes()
        super().__init__(
            lanes,
            name=name,
            connection=lanes[0].connection,
            serializer=JSONSerializer,
            worker_ttl=_WORKER_TTL_S,
            maintenance_interval=_MAINTENANCE_INTERVAL_S,
            job_monitoring_interval=_JOB_MONITORING_INTERVAL_S,
            log_job_description=False,
            work_horse_killed_handler=_on_horse_killed,
        )

    def run_maintenance_tasks(self) -> None:
        """Listen also for a core that was installed meanwhile."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        try:
            lanes = self._lanes()
        except OperationalError:
            logger.warning("database_away_at_lanes")
            return
        if lanes and set(lanes) != set(self.queues):
            self.queues, self._ordered_queues = lanes, list(lanes)

    def reorder_queues(self, reference_queue: Queue) -> None:
        """Put the other cores' jobs first next time, within the same priority."""
        lanes = [lane for lane in self._ordered_queues if lane != reference_queue]
        order = list(Priority)
        self._ordered_queues = sorted(
            [*lanes, reference_queue], key=lambda lane: order.index(priority_of(lane))
        )

    def _lanes(self) -> list[Queue]:
        try:
            catalog = self._context.runtime.toolchain.catalog_of(self._context.name)
        finally:
            self._context.sessions.remove()
        return self._context.runtime.queue.lanes(catalog.installed_cores())

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop on the first signal."""
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]
        if self.horse_pid:
            self.kill_horse(signal.SIGKILL)


def main() -> int:
    """Run a worker until a signal ends it."""
    try:
        context = worker_context()
        _publish_catalog(context)
    except (JailError, ToolchainError) as error:
        sys.stderr.write(f"The compile worker cannot start: {error}\n")
        return 1
    if not context.toolchain.sandbox.is_jail:
        sys.stderr.write(
            "WARNING: compilers run WITHOUT a jail. Every user can run programs on this server.\n"
        )
    _check_job_name()
    name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
    logger.info("worker_started", extra={"worker": name})
    warm_up(context.engine, context.runtime, context.name)
    # Work horses then share this memory for good: without it each copies pages the collector touches.
    gc.freeze()
    reaper_pid = reaper.start(context, name)
    try:
        BuildWorker(context, name).work(logging_level="WARNING")
    finally:
        _end_reaper(reaper_pid)
        _sign_off(context, name)
    return 0


def _check_job_name() -> None:
    """The queue names the job by text; a work horse must find it, already loaded, under that name."""
    found = f"{jobs.compile_build.__module__}.{jobs.compile_build.__name__}"
    expected = JOB_FUNCTIONS[JobKind.COMPILE]
    if found != expected:
        raise RuntimeError(f"The queue expects {expected}, the worker has {found}.")


def _publish_catalog(context: WorkerContext) -> None:
    context.runtime.toolchain.publish(context.name, read_catalog(context.toolchain))
    context.sessions.remove()


def _on_horse_killed(job: Job, _pid: int, _status: int, _usage: struct_rusage) -> None:
    """End the build of a work horse that could not do so itself."""
    context = worker_context()
    build_id = BuildId(job.id)
    context.runtime.build_runs.lose(build_id)
    context.sessions.remove()
    try:
        context.runtime.queue.sign_off_job(build_id)
    except Unavailable:
        logger.warning("queue_away_at_sign_off", extra={"build_id": build_id})


def _end_reaper(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)


def _sign_off(context: WorkerContext, name: str) -> None:
    try:
        context.runtime.queue.sign_off_worker(name)
    except Unavailable:
        logger.warning("queue_away_at_end", extra={"worker": name})


if __name__ == "__main__":
    begin_logging()
    sys.exit(main())
