"""An outage of Redis is noticed quickly."""

import time

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from app.kernel.redis_client import open_redis


def test_a_redis_that_is_away_is_not_waited_for() -> None:
    begin = time.monotonic()
    with pytest.raises(RedisConnectionError):
        open_redis("redis://127.0.0.1:1/0").ping()
    assert time.monotonic() - begin < 2


def test_a_new_connection_spends_no_round_trip_on_the_name_of_the_library() -> None:
    connection = open_redis("redis://127.0.0.1:1/0").connection_pool.make_connection()
    assert connection.driver_info.formatted_name is None
    assert connection.driver_info.lib_version is None
