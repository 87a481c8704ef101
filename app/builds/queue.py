"""The job queue on RQ, with a heartbeat of our own.

Jobs wait in lanes: one for each kind, priority and core. A worker listens to the lanes of the cores that
it has, the urgent ones first. A job carries only an id; the row of this id says what to do.

RQ notices a killed worker only after its own long time-outs. Workers and running jobs therefore also
sign in to two sorted sets (member -> time of the last beat), so that the reaper sees within seconds
which of them are gone.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from app.kernel.errors import Unavailable

BEAT_INTERVAL_S = 2.0
# Three beats may be late: a compile keeps both cores busy.
_BEAT_LIFE_S = 4 * BEAT_INTERVAL_S
_LANE = "airsketch"
_WORKERS = "airsketch:workers"
_RUNNING = "airsketch:running"
_CANCEL_LIFE_S = 3600
_RESULT_LIFE_S = 60


class JobKind(StrEnum):
    """What a worker can be asked to do."""

    COMPILE = "compile"


class Priority(StrEnum):
    """Who waits for a job, the most urgent first."""

    INTERACTIVE = "interactive"
    BACKGROUND = "background"


JOB_FUNCTIONS = {JobKind.COMPILE: "compiler_worker.worker.jobs.compile_build"}
"""By kind, what a worker calls with the id."""


class JobQueue(Protocol):
    """The queue that carries jobs to the workers. An id belongs to one job at a time.

    Every method raises Unavailable while the queue is away.
    """

    def enqueue(
        self, kind: JobKind, job_id: str, *, core: str, priority: Priority = Priority.INTERACTIVE
    ) -> None:
        """Queue a job for a worker that has this core; queueing the same job twice is harmless."""
        ...

    def lanes(self, cores: Iterable[str]) -> list[Queue]:
        """The RQ queues for a worker with these cores, the most urgent first."""
        ...

    def cancel(self, job_id: str) -> None:
        """Remove a job from the queue, or tell its worker to stop."""
        ...

    def is_cancelled(self, job_id: str) -> bool:
        """Whether somebody asked to stop this job."""
        ...

    def is_alive(self, job_id: str) -> bool:
        """Whether some worker has the job or will get it."""
        ...

    def worker_count(self) -> int:
        """Workers now at work; 0 when none is."""
        ...

    def beat_worker(self, name: str) -> None:
        """Record a heartbeat of a worker."""
        ...

    def sign_off_worker(self, name: str) -> None:
        """Remove the heartbeat of a worker that exits."""
        ...

    def beat_job(self, job_id: str) -> None:
        """Record a heartbeat of a running job."""
        ...

    def sign_off_job(self, job_id: str) -> None:
        """Remove the heartbeat of a job that has ended."""
        ...


class RqJobQueue:
    """The JobQueue of a real server.

    Args:
        redis: a client with `decode_responses=False`, as RQ needs it.
        job_limit_s: seconds after which RQ itself ends a job; above the compiler's own limit.
    """

    def __init__(self, redis: "Redis[bytes]", *, job_limit_s: int) -> None:
        self._redis = redis
        self._job_limit_s = job_limit_s

    def enqueue(
        self, kind: JobKind, job_id: str, *, core: str, priority: Priority = Priority.INTERACTIVE
    ) -> None:
        """Queue a job for a worker that has this core; queueing the same job twice is harmless."""
        with _queue_errors():
            job = self._job(job_id)
            if job is not None and not _waits(job):
                # It would make the new one a duplicate.
                job.delete()
            try:
                self._lane(kind, priority, core).enqueue(
                    JOB_FUNCTIONS[kind],
                    job_id,
                    job_id=job_id,
                    unique=True,
                    job_timeout=self._job_limit_s,
                    result_ttl=_RESULT_LIFE_S,
                    failure_ttl=_RESULT_LIFE_S,
                )
            except DuplicateJobError:
                return

    def lanes(self, cores: Iterable[str]) -> list[Queue]:
        """The RQ queues for a worker with these cores, the most urgent first."""
        names = list(cores)
        return [
            self._lane(kind, priority, core) for priority in Priority for kind in JobKind for core in names
        ]

    def cancel(self, job_id: str) -> None:
        """Raise the flag that the worker watches, and take the job out of the queue."""
        with _queue_errors():
            self._redis.set(_cancel_key(job_id), b"1", ex=_CANCEL_LIFE_S)
            job = self._job(job_id)
            # One that does not wait is in a worker's hands, which clears it away.
            if job is not None and Queue(job.origin, connection=self._redis).remove(job_id):
                job.delete(remove_from_queue=False)

    def is_cancelled(self, job_id: str) -> bool:
        """Whether somebody asked to stop this job."""
        with _queue_errors():
            return bool(self._redis.exists(_cancel_key(job_id)))

    def is_alive(self, job_id: str) -> bool:
        """Whether some worker has the job or will get it."""
        with _queue_errors():
            beat = self._redis.zscore(_RUNNING, job_id)
            if beat is not None and beat > time.time() - _BEAT_LIFE_S:
                return True
            job = self._job(job_id)
            return job is not None and _waits(job)

    def worker_count(self) -> int:
        """Workers now at work."""
        with _queue_errors():
            return int(self._redis.zcount(_WORKERS, time.time() - _BEAT_LIFE_S, "+inf"))

    def beat_worker(self, name: str) -> None:
        """Record a heartbeat of a worker."""
        with _queue_errors():
            self._redis.zadd(_WORKERS, {name: time.time()})
            self._redis.zremrangebyscore(_WORKERS, "-inf", time.time() - 10 * _BEAT_LIFE_S)

    def sign_off_worker(self, name: str) -> None:
        """Remove the heartbeat of a worker that exits."""
        with _queue_errors():
            self._redis.zrem(_WORKERS, name)

    def beat_job(self, job_id: str) -> None:
        """Record a heartbeat of a running job."""
        with _queue_errors():
            self._redis.zadd(_RUNNING, {job_id: time.time()})

    def sign_off_job(self, job_id: str) -> None:
        """Remove the heartbeat of a job that has ended."""
        with _queue_errors():
            self._redis.zrem(_RUNNING, job_id)

    def _lane(self, kind: JobKind, priority: Priority, core: str) -> Queue:
        name = f"{_LANE}.{kind}.{priority}.{core}"
        return Queue(name, connection=self._redis, serializer=JSONSerializer)

    def _job(self, job_id: str) -> Job | None:
        try:
            return Job.fetch(job_id, connection=self._redis, serializer=JSONSerializer)
        except NoSuchJobError:
            return None


def priority_of(lane: Queue) -> Priority:
    """The priority of the jobs in one of `lanes`."""
    return Priority(lane.name.split(".")[2])


def _waits(job: Job) -> bool:
    """Whether a job stands in a lane; where a server before this one put it nobody would find it."""
    return job.origin.startswith(f"{_LANE}.") and job.get_position() is not None


def _cancel_key(job_id: str) -> str:
    return f"airsketch:cancel:{job_id}"


@contextmanager
def _queue_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise Unavailable(
            "queue_away", "The build queue is temporarily unavailable. Try again shortly."
        ) from error
