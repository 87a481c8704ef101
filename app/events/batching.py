"""Batched events: those of a few milliseconds go to Redis together, from a thread of their own.

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

_BATCH_INTERVAL_S = 0.02
_MAX_BATCH = 500


class BatchingManager(PubSubManager):
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
                self._thread = Thread(target=self._send_batches, name="events", daemon=True)
                self._thread.start()

    def _handle_disconnect(self, message: object) -> None:
        pass

    def _send_batches(self) -> None:
        while True:
            messages = [self._waiting.get()]
            time.sleep(_BATCH_INTERVAL_S)
            try:
                while len(messages) < _MAX_BATCH:
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
            logger.warning("events_lost", extra={"count": len(messages)})
