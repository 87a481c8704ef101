"""News that a web process gathers and sends together."""

import json
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.client import Pipeline, PubSub

from app.events.batching import BatchingManager
from app.events.names import EventName
from app.events.publisher import CHANNEL, RedisEventPublisher
from app.kernel.redis_client import open_redis
from tools.trial.server import wait_until

pytestmark = pytest.mark.system


@pytest.fixture
def received(redis: "Redis[bytes]") -> Iterator[PubSub]:
    with redis.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(CHANNEL)
        yield pubsub


def _receive(received: PubSub, count: int) -> list[dict[str, object]]:
    found = [
        wait_until(lambda: received.get_message(timeout=0.2), f"message {at + 1}") for at in range(count)
    ]
    return [json.loads(message["data"]) for message in found if message]


def test_all_events_arrive_in_their_order_and_with_few_round_trips(
    redis: "Redis[bytes]", received: PubSub, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips = []
    make_pipeline = redis.pipeline

    def counted(*, transaction: bool) -> "Pipeline[bytes]":
        trips.append(transaction)
        return make_pipeline(transaction=transaction)

    monkeypatch.setattr(redis, "pipeline", counted)
    events = RedisEventPublisher(redis, BatchingManager(redis))
    for number in range(300):
        events.publish(EventName.DEVICE_CHANGED, ["a"], {"revision": number})
    assert [message["data"] for message in _receive(received, 300)] == [[{"revision": n}] for n in range(300)]
    assert 1 <= len(trips) < 100


def test_a_log_out_keeps_its_place_among_the_events(redis: "Redis[bytes]", received: PubSub) -> None:
    events = RedisEventPublisher(redis, BatchingManager(redis))
    events.socket_opened("account", "socket1")
    events.publish(EventName.DEVICE_CHANGED, ["a"], {})
    events.disconnect("account")
    assert [message["method"] for message in _receive(received, 2)] == ["emit", "disconnect"]


def test_events_that_cannot_be_sent_stop_neither_the_caller_nor_later_ones(
    redis: "Redis[bytes]", received: PubSub, caplog: pytest.LogCaptureFixture
) -> None:
    manager = BatchingManager(open_redis("redis://127.0.0.1:1/0"))
    events = RedisEventPublisher(redis, manager)
    events.publish(EventName.DEVICE_CHANGED, ["a"], {"revision": 1})
    wait_until(lambda: "events_lost" in caplog.text, "the warning about lost events")
    manager._redis = redis
    events.publish(EventName.DEVICE_CHANGED, ["a"], {"revision": 2})
    assert _receive(received, 1)[0]["data"] == [{"revision": 2}]
