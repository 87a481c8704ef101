"""The queue on a real Redis."""

import time
from functools import partial

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from app.builds import queue as build_queue
from app.builds.queue import JobKind, Priority, RqJobQueue, priority_of
from app.kernel.errors import Unavailable
from app.kernel.redis_client import open_redis

pytestmark = pytest.mark.system
ONE, TWO = "1" * 32, "2" * 32
CORE = "airsketch:virtual"


@pytest.fixture
def queue(redis: "Redis[bytes]") -> RqJobQueue:
    return RqJobQueue(redis, job_limit_s=30)


def enqueue(
    queue: RqJobQueue, job_id: str, core: str = CORE, priority: Priority = Priority.INTERACTIVE
) -> None:
    queue.enqueue(JobKind.COMPILE, job_id, core=core, priority=priority)


def waiting(queue: RqJobQueue, core: str = CORE) -> list[str]:
    return [job_id for lane in queue.lanes([core]) for job_id in lane.job_ids]


def test_a_job_is_queued_once_whatever_happens(queue: RqJobQueue) -> None:
    enqueue(queue, ONE)
    enqueue(queue, ONE)
    enqueue(queue, TWO)
    assert waiting(queue) == [ONE, TWO]
    assert queue.is_alive(ONE)


def test_a_worker_takes_jobs_of_its_cores_only_and_those_that_a_person_waits_for_first(
    queue: RqJobQueue,
) -> None:
    enqueue(queue, ONE, priority=Priority.BACKGROUND)
    enqueue(queue, TWO)
    enqueue(queue, "3" * 32, core="esp32:esp32")
    assert waiting(queue) == [TWO, ONE]
    assert [priority_of(lane) for lane in queue.lanes([CORE, "esp32:esp32"])] == [
        *[Priority.INTERACTIVE] * 2,
        *[Priority.BACKGROUND] * 2,
    ]


def test_an_ended_job_does_not_stand_in_the_way_of_a_new_one(
    queue: RqJobQueue, redis: "Redis[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(build_queue.JOB_FUNCTIONS, JobKind.COMPILE, "builtins.len")
    enqueue(queue, ONE)
    SimpleWorker(queue.lanes([CORE]), connection=redis, serializer=JSONSerializer).work(burst=True)
    assert not queue.is_alive(ONE)
    enqueue(queue, ONE)
    assert waiting(queue) == [ONE]


def test_a_job_of_a_server_before_this_one_is_queued_again(queue: RqJobQueue, redis: "Redis[bytes]") -> None:
    old = Queue("builds", connection=redis, serializer=JSONSerializer)
    old.enqueue("compiler_worker.jobs.compile_build", ONE, job_id=ONE)
    assert not queue.is_alive(ONE)
    enqueue(queue, ONE)
    assert waiting(queue) == [ONE]
    assert old.job_ids == []


def test_a_cancelled_job_leaves_the_queue_and_raises_the_flag(queue: RqJobQueue) -> None:
    enqueue(queue, ONE)
    assert not queue.is_cancelled(ONE)
    queue.cancel(ONE)
    assert queue.is_cancelled(ONE)
    assert queue.lanes([CORE])[0].fetch_job(ONE) is None
    assert waiting(queue) == []
    assert not queue.is_alive(ONE)


def test_a_running_job_lives_as_long_as_it_beats(queue: RqJobQueue, redis: "Redis[bytes]") -> None:
    queue.beat_job(ONE)
    assert queue.is_alive(ONE)
    redis.zadd("airsketch:running", {ONE: time.time() - 60})
    assert not queue.is_alive(ONE)
    queue.beat_job(ONE)
    queue.sign_off_job(ONE)
    assert not queue.is_alive(ONE)


def test_only_workers_that_beat_are_counted(queue: RqJobQueue, redis: "Redis[bytes]") -> None:
    assert queue.worker_count() == 0
    queue.beat_worker("a")
    queue.beat_worker("b")
    redis.zadd("airsketch:workers", {"b": time.time() - 60})
    assert queue.worker_count() == 1
    queue.sign_off_worker("a")
    assert queue.worker_count() == 0


def test_a_queue_that_is_away_is_said_in_words() -> None:
    queue = RqJobQueue(open_redis("redis://127.0.0.1:1/0"), job_limit_s=30)
    calls = (partial(enqueue, queue), queue.cancel, queue.is_alive, queue.is_cancelled)
    for call in calls:
        with pytest.raises(Unavailable, match="unavailable"):
            call(ONE)
    with pytest.raises(Unavailable):
        queue.worker_count()
