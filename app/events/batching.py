"""Quiet news: those of a few milliseconds go to Redis together, behind the requests' backs.

A bot's call then waits for no round trip, and many calls share one. What a killed process had not sent is
lost; pages ask for everything again when they reconnect.
"""

import json
import logging
import time
from collections.abc import Mapping
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from redis import Redis
from redis.exceptions import RedisError
from socketio import PubSubManager

from app.events.publisher import CHANNEL

logger = logging.getLogger(__name__)

_GATHER_S = 0.02
_MAX_TOGETHER = 500


class Gatherer(PubSubManager):
    """A manager without sockets that sends in a thread of its own, which starts with the first message."""

    def __init__(self, redis: "Redis[bytes]") -> None:
        super().__init__(channel=CHANNEL, write_only=True)
        self._redis = redis
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def _publish(self, data: Mapping[str, object]) -> None:
        self._waiting.put(json.dumps(data))
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._send_for_ever, name="news", daemon=True)
                self._thread.start()

    def _handle_disconnect(self, message: object) -> None:
        pass

    def _send_for_ever(self) -> None:
        while True:
            messages = [self._waiting.get()]
            time.sleep(_GATHER_S)
            try:
                while len(messages) < _MAX_TOGETHER:
                    messages.append(self._waiting.get_nowait())
            except Empty:
                pass
            self._send(messages)

    def _send(self, messages: list[str]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for message in messages:
            pipeline.publish(CHANNEL, message)
        try:
            pipeline.execute()
        except RedisError:
            logger.warning("news_lost", extra={"count": len(messages)})
