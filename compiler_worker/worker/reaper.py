"""The reaper: sends its worker's heartbeat, ends orphaned builds, and keeps caches small.

It is a process of its own beside the worker: the worker forks a work horse for each job, and a thread
that holds a database lock at that moment would leave it locked in the work horse forever.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable

from app.builds.queue import BEAT_INTERVAL_S
from app.kernel.errors import Unavailable
from compiler_worker.arduino.catalog import read_catalog
from compiler_worker.worker.context import WorkerContext

logger = logging.getLogger(__name__)

_REAP_INTERVAL_S = 5.0
_CATALOG_INTERVAL_S = 60.0
_PRUNE_INTERVAL_S = 600.0
_TICK_S = 0.5


def start(context: WorkerContext, worker_name: str) -> int:
    """Fork the reaper; its process id. It ends when the worker does."""
    worker_pid = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    try:
        _Reaper(context, worker_name).run(lambda: os.getppid() == worker_pid)
    except BaseException:
        logger.exception("reaper_failed")
        os._exit(1)
    os._exit(0)


class _Reaper:
    """The loop of the reaper."""

    def __init__(self, context: WorkerContext, worker_name: str) -> None:
        self._context = context
        self._tasks: list[tuple[Callable[[], object], float]] = [
            (lambda: context.runtime.queue.beat_worker(worker_name), BEAT_INTERVAL_S),
            (self._keep_boards, _CATALOG_INTERVAL_S),
            (context.runtime.build_runs.reap, _REAP_INTERVAL_S),
            (context.cache.prune, _PRUNE_INTERVAL_S),
        ]

    def run(self, worker_lives: Callable[[], bool]) -> None:
        """Do each task at its interval until the worker is gone."""
        due = [0.0] * len(self._tasks)
        while worker_lives():
            now = time.monotonic()
            for number, (task, interval_s) in enumerate(self._tasks):
                if now >= due[number]:
                    due[number] = now + interval_s
                    self._do(task)
            time.sleep(_TICK_S)

    def _keep_boards(self) -> None:
        """Keep this worker's boards listed; publish them again if they were deleted in the meantime."""
        context = self._context
        if not context.runtime.toolchain.beat(context.name):
            context.runtime.toolchain.publish(context.name, read_catalog(context.toolchain))

    def _do(self, task: Callable[[], object]) -> None:
        """Do one task; a failure is logged and tried again at the next interval."""
        try:
            task()
        except Unavailable as error:
            logger.warning("reaper_waits", extra={"reason": error.code})
        except Exception:
            logger.exception("task_failed")
        finally:
            self._context.sessions.remove()
        sys.stderr.flush()
