"""Events over Redis to every web process, from any process, without Flask."""

import logging
from collections.abc import Iterable, Mapping
from typing import Protocol, Self

from redis import Redis
from redis.exceptions import RedisError
from socketio import PubSubManager, RedisManager

from app.events.names import EventName
from app.kernel.redis_client import redis_options

CHANNEL = "airsketch-events"
"""The Redis channel; the same name is given to the Socket.IO server."""

_SOCKETS_LIFE_S = 86_400

logger = logging.getLogger(__name__)


class EventPublisher(Protocol):
    """Events for pages. Publishing never fails the caller: pages re-sync by revision."""

    def publish(self, name: EventName, rooms: Iterable[str], body: Mapping[str, object]) -> None:
        """Send one event to everybody in any of `rooms`, once each."""
        ...

    def disconnect(self, account_id: str) -> None:
        """Close the sockets of an account that was logged out."""
        ...

    def socket_opened(self, account_id: str, socket: str) -> None:
        """Remember which sockets belong to an account."""
        ...

    def socket_closed(self, account_id: str, socket: str) -> None:
        """Forget a socket."""
        ...


class _Sender(RedisManager):
    """A manager without a server: it has no sockets of its own, so a disconnect is only passed on."""

    def _handle_disconnect(self, message: object) -> None:
        pass


class RedisEventPublisher:
    """The EventPublisher of a real server.

    Args:
        manager: the one that sends, here without sockets of its own.
    """

    def __init__(self, redis: "Redis[bytes]", manager: PubSubManager) -> None:
        self._redis = redis
        self._manager = manager

    @classmethod
    def immediate(cls, redis: "Redis[bytes]", url: str) -> Self:
        """One whose events have reached Redis when `publish` returns, in the order of the calls."""
        sender = _Sender(url, channel=CHANNEL, write_only=True, redis_options=redis_options())
        return cls(redis, sender)

    def publish(self, name: EventName, rooms: Iterable[str], body: Mapping[str, object]) -> None:
        """Send one event. The manager logs what it cannot send; pages repair a lost event themselves."""
        self._manager.emit(str(name), dict(body), namespace="/", room=list(rooms))

    def disconnect(self, account_id: str) -> None:
        """Close the sockets of an account that was logged out."""
        try:
            for socket in self._redis.smembers(_sockets_key(account_id)):
                self._manager.disconnect(socket.decode(), namespace="/")
        except RedisError:
            logger.warning("disconnect_lost", extra={"account_id": account_id})

    def socket_opened(self, account_id: str, socket: str) -> None:
        """Remember which sockets belong to an account."""
        key = _sockets_key(account_id)
        self._redis.sadd(key, socket)
        self._redis.expire(key, _SOCKETS_LIFE_S)

    def socket_closed(self, account_id: str, socket: str) -> None:
        """Forget a socket."""
        self._redis.srem(_sockets_key(account_id), socket)


def _sockets_key(account_id: str) -> str:
    return f"airsketch:sockets:{account_id}"
