"""How every process opens Redis: an outage is reported quickly, not waited out."""

from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.driver_info import DriverInfo
from redis.retry import Retry

_CONNECT_LIMIT_S = 2.0
# Reporting the library's name costs each new connection two round trips and file reads.
_NAMELESS = DriverInfo(name=None, lib_version=None)


def redis_options() -> dict[str, Any]:
    """Options for a client: one quick second try, for a connection the server has closed meanwhile."""
    return {
        "retry": Retry(NoBackoff(), 1),
        "socket_connect_timeout": _CONNECT_LIMIT_S,
        "driver_info": _NAMELESS,
    }


def open_redis(url: str) -> "Redis[bytes]":
    """A client; it connects when it is first used."""
    return Redis.from_url(url, **redis_options())
