"""The one job of the queue: compile a build."""

import ctypes
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.builds.rules import BuildId, BuildResult, BuildSpec, BuildState, FailureReason, Stage
from app.kernel.errors import Invalid, LimitExceeded, Unavailable
from app.kernel.logging import bound
from app.toolchain.rules import Catalog
from compiler_worker.compile.compile import CompileObserver, Compiler, compile_sketch
from compiler_worker.worker.context import WorkerContext, worker_context

logger = logging.getLogger(__name__)

# Lines and stages are collected this long, so that a chatty compile costs few writes and few messages.
_REPORT_INTERVAL_S = 0.1
_BEAT_INTERVAL_S = 2.0
_CANCEL_INTERVAL_S = 0.2
_PR_SET_PDEATHSIG = 1
_DISK_FULL = "The server's disk is full. Contact the server administrator."


def compile_build(build_id: str) -> None:
    """Compile a queued build; harmless for one that has ended or been stopped."""
    _die_with_worker()
    with bound(build_id=build_id):
        _Run(worker_context(), BuildId(build_id)).run()


def _die_with_worker() -> None:
    """Make the kernel kill this work horse, and with it the jail, when its worker dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class _Run:
    """One build from its start to its end."""

    def __init__(self, context: WorkerContext, build_id: BuildId) -> None:
        self._context = context
        self._runs = context.runtime.build_runs
        self._queue = context.runtime.queue
        self._build_id = build_id
        self._lines: list[str] = []
        self._stage: Stage | None = None
        self._reported_at = 0.0
        self._beat_at = 0.0
        self._asked_at = 0.0
        self._is_cancelled = False

    def run(self) -> None:
        """Start, compile, finish; our own errors end the build as `internal`."""
        self._beat(time.monotonic())
        try:
            catalog = self._context.runtime.toolchain.catalog_of(self._context.name)
            spec = self._runs.start(self._build_id, catalog)
            if spec is not None:
                self._runs.finish(self._build_id, self._compile(spec, catalog))
        except Exception as error:
            self._fail(error)
        finally:
            self._context.sessions.remove()
            self._sign_off()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, (Invalid, LimitExceeded)):
            # The rules have become stricter since the sketch was saved.
            self._runs.finish(self._build_id, _failed(FailureReason.COMPILE_ERROR, error.message))
        elif isinstance(error, Unavailable) and error.code == "disk_full":
            self._runs.finish(self._build_id, _failed(FailureReason.DISK_FULL, _DISK_FULL))
        else:
            logger.error("build_failed_internally", exc_info=error, extra={"build_id": self._build_id})
            self._runs.fail_internal(self._build_id)

    def _compile(self, spec: BuildSpec, catalog: Catalog) -> BuildResult:
        observer = CompileObserver(on_line=self._lines.append, on_stage=self._enter, is_cancelled=self._tick)
        compiler = Compiler.of_catalog(catalog, self._context.toolchain, self._context.cache)
        # A compile takes long; no transaction may stay open meanwhile.
        self._context.sessions.remove()
        with tempfile.TemporaryDirectory(prefix="airsketch-artifacts-") as folder:
            result = compile_sketch(spec, out_dir=Path(folder), compiler=compiler, observer=observer)
            # The end is reported in a moment; the last stage would cost a write just before it.
            self._stage = None
            self._report(time.monotonic())
            if result.state is BuildState.SUCCEEDED:
                self._context.runtime.artifacts.publish(self._build_id, _files_of(Path(folder)))
        return result

    def _enter(self, stage: Stage) -> None:
        self._stage = stage

    def _tick(self) -> bool:
        """Report lines and stage, send a heartbeat, and check for a stop request."""
        now = time.monotonic()
        if now - self._reported_at >= _REPORT_INTERVAL_S:
            self._report(now)
        self._beat(now)
        if now - self._asked_at >= _CANCEL_INTERVAL_S:
            self._asked_at = now
            self._is_cancelled = self._ask()
        return self._is_cancelled

    def _report(self, now: float) -> None:
        self._reported_at = now
        lines, self._lines[:] = list(self._lines), []
        if lines:
            self._runs.add_log(self._build_id, "".join(f"{line}\n" for line in lines))
        stage, self._stage = self._stage, None
        if stage:
            self._runs.set_stage(self._build_id, stage)

    def _beat(self, now: float) -> None:
        if self._beat_at and now - self._beat_at < _BEAT_INTERVAL_S:
            return
        self._beat_at = now
        try:
            self._queue.beat_job(self._build_id)
        except Unavailable:
            logger.warning("queue_away_at_beat", extra={"build_id": self._build_id})

    def _ask(self) -> bool:
        try:
            return self._queue.is_cancelled(self._build_id)
        except Unavailable:
            return self._is_cancelled

    def _sign_off(self) -> None:
        try:
            self._queue.sign_off_job(self._build_id)
        except Unavailable:
            logger.warning("queue_away_at_sign_off", extra={"build_id": self._build_id})


def _failed(reason: FailureReason, message: str) -> BuildResult:
    return BuildResult(state=BuildState.FAILED, reason=reason, message=message)


def _files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.iterdir():
        yield path.name, path.read_bytes()
