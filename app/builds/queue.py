"""The build queue on RQ, with a heartbeat of our own.

RQ notices a killed worker only after its own long time-outs. Workers and running builds therefore
also sign in to two sorted sets (member -> time of the last beat), so that the reaper sees within
seconds which of them are gone.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from app.builds.rules import BuildId
from app.kernel.errors import Unavailable

QUEUE_NAME = "builds"
JOB_FUNCTION = "compiler_worker.worker.jobs.compile_build"
BEAT_INTERVAL_S = 2.0
# Three beats may be late: a compile keeps both cores busy.
_BEAT_LIFE_S = 4 * BEAT_INTERVAL_S
_WORKERS = "airsketch:workers"
_BUILDING = "airsketch:building"
_CANCEL_LIFE_S = 3600
_RESULT_LIFE_S = 60


class BuildQueue(Protocol):
    """The queue that carries builds to the workers."""

    def enqueue(self, build_id: BuildId) -> None:
        """Queue a build; queueing the same build twice is harmless.

        Raises:
            Unavailable: the queue is away.
        """
        ...

    def cancel(self, build_id: BuildId) -> None:
        """Take a build out of the queue, or tell the worker to stop it.

        Raises:
            Unavailable: the queue is away.
        """
        ...

    def is_alive(self, build_id: BuildId) -> bool:
        """Whether some worker has the build or will get it.

        Raises:
            Unavailable: the queue is away.
        """
        ...

    def worker_count(self) -> int:
        """Compile workers now at work; 0 when none is.

        Raises:
            Unavailable: the queue is away.
        """
        ...


class RqBuildQueue:
    """The BuildQueue of a real server.

    Args:
        redis: a client with `decode_responses=False`, as RQ needs it.
        job_limit_s: seconds after which RQ itself ends a job; above the compiler's own limit.
    """

    def __init__(self, redis: "Redis[bytes]", *, job_limit_s: int) -> None:
        self._redis = redis
        self._job_limit_s = job_limit_s
        self.queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)

    def enqueue(self, build_id: BuildId) -> None:
        """Queue a build; queueing the same build twice is harmless."""
        with _queue_errors():
            self._forget_ended_job(build_id)
            try:
                self.queue.enqueue(
                    JOB_FUNCTION,
                    build_id,
                    job_id=build_id,
                    unique=True,
                    job_timeout=self._job_limit_s,
                    result_ttl=_RESULT_LIFE_S,
                    failure_ttl=_RESULT_LIFE_S,
                )
            except DuplicateJobError:
                return

    def cancel(self, build_id: BuildId) -> None:
        """Raise the flag that the worker watches, and take the build out of the queue."""
        with _queue_errors():
            self._redis.set(_cancel_key(build_id), b"1", ex=_CANCEL_LIFE_S)
            if self.queue.remove(build_id):
                # No worker has it, so nobody else would ever clear its job away.
                self._forget_ended_job(build_id)

    def is_cancelled(self, build_id: BuildId) -> bool:
        """Whether somebody asked to stop this build."""
        with _queue_errors():
            return bool(self._redis.exists(_cancel_key(build_id)))

    def is_alive(self, build_id: BuildId) -> bool:
        """Whether some worker has the build or will get it."""
        with _queue_errors():
            beat = self._redis.zscore(_BUILDING, build_id)
            if beat is not None and beat > time.time() - _BEAT_LIFE_S:
                return True
            job = self._job(build_id)
            return job is not None and job.get_position() is not None

    def worker_count(self) -> int:
        """Compile workers now at work."""
        with _queue_errors():
            return int(self._redis.zcount(_WORKERS, time.time() - _BEAT_LIFE_S, "+inf"))

    def beat_worker(self, name: str) -> None:
        """Say that a worker lives."""
        with _queue_errors():
            self._redis.zadd(_WORKERS, {name: time.time()})
            self._redis.zremrangebyscore(_WORKERS, "-inf", time.time() - 10 * _BEAT_LIFE_S)

    def sign_off_worker(self, name: str) -> None:
        """Say that a worker ends."""
        with _queue_errors():
            self._redis.zrem(_WORKERS, name)

    def beat_build(self, build_id: BuildId) -> None:
        """Say that a running build is in hands."""
        with _queue_errors():
            self._redis.zadd(_BUILDING, {build_id: time.time()})

    def sign_off_build(self, build_id: BuildId) -> None:
        """Say that a build has ended."""
        with _queue_errors():
            self._redis.zrem(_BUILDING, build_id)

    def _job(self, build_id: BuildId) -> Job | None:
        try:
            return Job.fetch(build_id, connection=self._redis, serializer=JSONSerializer)
        except NoSuchJobError:
            return None

    def _forget_ended_job(self, build_id: BuildId) -> None:
        """A job that no longer waits would make a second `enqueue` a duplicate."""
        job = self._job(build_id)
        if job is not None and job.get_position() is None:
            job.delete()


def _cancel_key(build_id: BuildId) -> str:
    return f"airsketch:cancel:{build_id}"


@contextmanager
def _queue_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise Unavailable("queue_away", "The build queue is away for a moment. Try again shortly.") from error
