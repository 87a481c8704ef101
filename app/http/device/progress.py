"""Download progress for pages, written in a thread of its own so that it never delays the stream.

A download only notes a number. One thread of the process writes the newest number of each update; a
busy database makes progress coarser, not downloads slower.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock

from flask import Flask

from app.http.responses import current_runtime
from app.updates.downloads import Downloads
from app.updates.rules import UpdateId

logger = logging.getLogger(__name__)

_STEP_PERCENT = 5
_INTERVAL_S = 0.25
_EXTENSION = "airsketch_progress"


class ProgressSteps:
    """Which progress values to publish: each 5 %, at most four per second, and the last.

    Args:
        size_bytes: size of the image, above 0.
        clock: monotonic seconds.
    """

    def __init__(self, size_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size_bytes = size_bytes
        self._clock = clock
        self._step = 0
        self._told_at = clock()

    def is_worth_telling(self, done: int) -> bool:
        """Whether to publish `done` bytes now; if so, it counts as published."""
        step = done * 100 // self._size_bytes // _STEP_PERCENT
        now = self._clock()
        is_last = done >= self._size_bytes
        if step == self._step or (now - self._told_at < _INTERVAL_S and not is_last):
            return False
        self._step, self._told_at = step, now
        return True


class ProgressWriter:
    """Writes progress in a thread of its own, the newest number of each update only."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress")
        self._lock = Lock()
        self._waiting: dict[UpdateId, tuple[int, bool]] = {}
        self._last: Future[None] | None = None

    def note(self, update_id: UpdateId, done: int, *, installs: bool) -> None:
        """Remember that a bot has `done` bytes and write it soon.

        Args:
            installs: all bytes went to a bot that will not report its next step itself.
        """
        with self._lock:
            is_waiting = update_id in self._waiting
            self._waiting[update_id] = (done, installs)
            if not is_waiting:
                self._last = self._thread.submit(copy_context().run, self._write, update_id)

    def drain(self) -> None:
        """Wait until everything noted so far is written."""
        last = self._last
        if last is not None:
            last.result()

    def _write(self, update_id: UpdateId) -> None:
        with self._lock:
            done, installs = self._waiting.pop(update_id)
        try:
            with self._app.app_context():
                _store(current_runtime().downloads, update_id, done, installs)
        except Exception:
            # Progress is advice: the download itself goes on, and the bot's own reports follow.
            logger.exception("progress_lost", extra={"update_id": update_id})


def register_progress(app: Flask) -> None:
    """Give an application its writer; its thread starts with the first download."""
    app.extensions[_EXTENSION] = ProgressWriter(app)


def share_progress(app: Flask, other: Flask) -> None:
    """Let another application write by the writer of the first."""
    other.extensions[_EXTENSION] = app.extensions[_EXTENSION]


def progress_of(app: Flask) -> ProgressWriter:
    """The writer of an application."""
    writer: ProgressWriter = app.extensions[_EXTENSION]
    return writer


def _store(downloads: Downloads, update_id: UpdateId, done: int, installs: bool) -> None:
    if installs:
        downloads.complete(update_id, bytes_done=done)
    else:
        downloads.progress(update_id, bytes_done=done)
