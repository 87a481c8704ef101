"""The queue on a real Redis."""

import time

import pytest
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from app.builds import queue as build_queue
from app.builds.queue import RqBuildQueue
from app.builds.rules import BuildId
from app.kernel.errors import Unavailable
from app.kernel.redis_client import open_redis

pytestmark = pytest.mark.system
ONE = BuildId("1" * 32)
TWO = BuildId("2" * 32)


@pytest.fixture
def queue(redis: "Redis[bytes]") -> RqBuildQueue:
    return RqBuildQueue(redis, job_limit_s=30)


def test_a_build_is_queued_once_whatever_happens(queue: RqBuildQueue) -> None:
    queue.enqueue(ONE)
    queue.enqueue(ONE)
    queue.enqueue(TWO)
    assert queue.queue.job_ids == [ONE, TWO]
    assert queue.is_alive(ONE)


def test_an_ended_job_does_not_stand_in_the_way_of_a_new_one(
    queue: RqBuildQueue, redis: "Redis[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_queue, "JOB_FUNCTION", "builtins.len")
    queue.enqueue(ONE)
    SimpleWorker([queue.queue], connection=redis, serializer=JSONSerializer).work(burst=True)
    assert not queue.is_alive(ONE)
    queue.enqueue(ONE)
    assert queue.queue.job_ids == [ONE]


def test_a_cancelled_build_leaves_the_queue_and_raises_the_flag(queue: RqBuildQueue) -> None:
    queue.enqueue(ONE)
    assert not queue.is_cancelled(ONE)
    queue.cancel(ONE)
    assert queue.is_cancelled(ONE)
    assert queue.queue.fetch_job(ONE) is None
    assert queue.queue.job_ids == []
    assert not queue.is_alive(ONE)


def test_a_running_build_lives_as_long_as_it_beats(queue: RqBuildQueue, redis: "Redis[bytes]") -> None:
    queue.beat_build(ONE)
    assert queue.is_alive(ONE)
    redis.zadd("airsketch:building", {ONE: time.time() - 60})
    assert not queue.is_alive(ONE)
    queue.beat_build(ONE)
    queue.sign_off_build(ONE)
    assert not queue.is_alive(ONE)


def test_only_workers_that_beat_are_counted(queue: RqBuildQueue, redis: "Redis[bytes]") -> None:
    assert queue.worker_count() == 0
    queue.beat_worker("a")
    queue.beat_worker("b")
    redis.zadd("airsketch:workers", {"b": time.time() - 60})
    assert queue.worker_count() == 1
    queue.sign_off_worker("a")
    assert queue.worker_count() == 0


def test_a_queue_that_is_away_is_said_in_words() -> None:
    queue = RqBuildQueue(open_redis("redis://127.0.0.1:1/0"), job_limit_s=30)
    for call in (queue.enqueue, queue.cancel, queue.is_alive, queue.is_cancelled):
        with pytest.raises(Unavailable, match="away"):
            call(ONE)
    with pytest.raises(Unavailable):
        queue.worker_count()
