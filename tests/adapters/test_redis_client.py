"""An outage of Redis is noticed quickly."""

import time

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from app.adapters.redis_client import open_redis


def test_a_redis_that_is_away_is_not_waited_for() -> None:
    begin = time.monotonic()
    with pytest.raises(RedisConnectionError):
        open_redis("redis://127.0.0.1:1/0").ping()
    assert time.monotonic() - begin < 2
