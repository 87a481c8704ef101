"""News over a real Redis."""

import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis
from redis.client import PubSub

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


def _next(received: PubSub) -> dict[str, Any]:
    message = wait_until(lambda: received.get_message(timeout=0.2), "a message")
    assert message is not None
    data = message["data"]
    try:
        found: dict[str, Any] = json.loads(data)
    except ValueError:
        found = pickle.loads(data)
    return found


def test_an_event_goes_to_all_rooms_as_one_message(
    redis: "Redis[bytes]", redis_url: str, received: PubSub
) -> None:
    RedisEventPublisher.immediate(redis, redis_url).publish(EventName.BUILD_CHANGED, ["a", "b"], {"id": "1"})
    message = _next(received)
    assert (message["event"], message["room"], message["data"]) == (
        "build.changed",
        ["a", "b"],
        [{"id": "1"}],
    )


def test_a_log_out_closes_every_socket_of_the_account(
    redis: "Redis[bytes]", redis_url: str, received: PubSub
) -> None:
    events = RedisEventPublisher.immediate(redis, redis_url)
    events.socket_opened("account", "socket1")
    events.socket_opened("account", "socket2")
    events.socket_closed("account", "socket2")
    events.disconnect("account")
    message = _next(received)
    assert (message["method"], message["sid"]) == ("disconnect", "socket1")


def test_publishing_without_redis_fails_nobody() -> None:
    events = RedisEventPublisher.immediate(open_redis("redis://127.0.0.1:1/0"), "redis://127.0.0.1:1/0")
    events.publish(EventName.BUILD_CHANGED, ["a"], {})
    events.disconnect("account")
