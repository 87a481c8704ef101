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

from rq import Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from app.builds import runs as build_runs
from app.builds.queue import JOB_FUNCTION
from app.builds.rules import BuildId
from app.kernel.errors import Unavailable
from app.toolchain import service as boards
from compiler_worker.arduino.catalog import read_catalog
from compiler_worker.arduino.toolchain import ToolchainError
from compiler_worker.sandbox.jail import JailError
from compiler_worker.worker import jobs, reaper
from compiler_worker.worker.context import Equipment, begin_logging, equip
from compiler_worker.worker.warm_up import rehearse

logger = logging.getLogger("compiler_worker.worker")

# With RQ's defaults a killed worker counts as alive for many minutes.
_WORKER_TTL_S = 30
_MAINTENANCE_INTERVAL_S = 10
_JOB_MONITORING_INTERVAL_S = 5


class BuildWorker(Worker):
    """RQ's worker, which stops at once: a build that is cut off is lost honestly instead of awaited."""

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop on the first signal."""
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]
        if self.horse_pid:
            self.kill_horse(signal.SIGKILL)


def main() -> int:
    """Run a worker until a signal ends it."""
    try:
        equipment = equip()
        _publish_catalog(equipment)
    except (JailError, ToolchainError) as error:
        sys.stderr.write(f"The compile worker cannot start: {error}\n")
        return 1
    if not equipment.toolchain.enclosure.jailed:
        sys.stderr.write(
            "ATTENTION: compilers run WITHOUT a jail. Every user can run programs on this server.\n"
        )
    _check_job_name()
    name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
    logger.info("worker_started", extra={"worker": name})
    rehearse(equipment.engine, equipment.runtime.run_parts())
    # Work horses then share this memory for good: without it each copies pages the collector touches.
    gc.freeze()
    reaper_pid = reaper.start(equipment, name)
    try:
        _make_worker(equipment, name).work(logging_level="WARNING")
    finally:
        _end_reaper(reaper_pid)
        _sign_off(equipment, name)
    return 0


def _check_job_name() -> None:
    """The queue names the job by text; a work horse must find it, already loaded, under that name."""
    found = f"{jobs.compile_build.__module__}.{jobs.compile_build.__name__}"
    if found != JOB_FUNCTION:
        raise RuntimeError(f"The queue asks for {JOB_FUNCTION}, the worker offers {found}.")


def _publish_catalog(equipment: Equipment) -> None:
    catalog = read_catalog(equipment.toolchain)
    with equipment.session() as session:
        boards.publish_catalog(session, catalog=catalog, events=equipment.runtime.events)


def _make_worker(equipment: Equipment, name: str) -> BuildWorker:
    return BuildWorker(
        [equipment.queue.queue],
        name=name,
        connection=equipment.queue.queue.connection,
        serializer=JSONSerializer,
        worker_ttl=_WORKER_TTL_S,
        maintenance_interval=_MAINTENANCE_INTERVAL_S,
        job_monitoring_interval=_JOB_MONITORING_INTERVAL_S,
        log_job_description=False,
        work_horse_killed_handler=_on_horse_killed,
    )


def _on_horse_killed(job: Job, _pid: int, _status: int, _usage: struct_rusage) -> None:
    """End the build of a work horse that could not do so itself."""
    equipment = equip()
    build_id = BuildId(job.id)
    with equipment.session() as session:
        build_runs.lose(session, build_id=build_id, parts=equipment.runtime.run_parts())
    try:
        equipment.queue.sign_off_build(build_id)
    except Unavailable:
        logger.warning("queue_away_at_sign_off", extra={"build_id": build_id})


def _end_reaper(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)


def _sign_off(equipment: Equipment, name: str) -> None:
    try:
        equipment.queue.sign_off_worker(name)
    except Unavailable:
        logger.warning("queue_away_at_end", extra={"worker": name})


if __name__ == "__main__":
    begin_logging()
    sys.exit(main())
