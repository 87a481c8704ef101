"""The one job of the queue: compile a build."""

import ctypes
import logging
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from app.builds import runs as build_runs
from app.builds.rules import BuildId, BuildResult, BuildSpec, BuildState, FailureReason, Stage
from app.builds.tables import Build
from app.kernel.errors import Unavailable
from app.kernel.logging import bound
from app.toolchain import service as boards
from compiler_worker.compile.compile import Compiler, Watch, compile_sketch
from compiler_worker.worker.context import Equipment, equip

logger = logging.getLogger(__name__)

# News are gathered this long, so that a chatty compile costs few writes and few messages.
_NEWS_INTERVAL_S = 0.1
_BEAT_INTERVAL_S = 2.0
_CANCEL_INTERVAL_S = 0.2
_PR_SET_PDEATHSIG = 1
_DISK_FULL = "The server's disk is full. Tell whoever runs it."


def compile_build(build_id: str) -> None:
    """Compile a queued build; harmless for one that has ended or been stopped."""
    _die_with_worker()
    with bound(build_id=build_id):
        _Run(equip(), BuildId(build_id)).run()


def _die_with_worker() -> None:
    """Ask the kernel to end this work horse, and with it the jail, when its worker is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class _Run:
    """One build from its start to its end."""

    def __init__(self, equipment: Equipment, build_id: BuildId) -> None:
        self._equipment = equipment
        self._build_id = build_id
        self._parts = equipment.runtime.run_parts()
        self._lines: list[str] = []
        self._stage: Stage | None = None
        self._told_at = 0.0
        self._beat_at = 0.0
        self._asked_at = 0.0
        self._is_cancelled = False

    def run(self) -> None:
        """Start, compile, finish; our own faults end the build as `internal`."""
        self._beat(time.monotonic())
        try:
            with self._equipment.session() as session:
                spec = build_runs.start(session, build_id=self._build_id, parts=self._parts)
            if spec is not None:
                self._finish(self._compile(spec))
        except Exception:
            logger.exception("build_failed_internally", extra={"build_id": self._build_id})
            with self._equipment.session() as session:
                build_runs.fail_internal(session, build_id=self._build_id, parts=self._parts)
        finally:
            self._sign_off()

    def _compile(self, spec: BuildSpec) -> BuildResult:
        output = self._parts.artifacts.new_output(self._build_id)
        watch = Watch(on_line=self._lines.append, on_stage=self._enter, cancelled=self._tick)
        owner, compiler = self._prepare()
        try:
            result = compile_sketch(spec, owner=owner, out_dir=output, compiler=compiler, watch=watch)
            # The end is told in a moment; the last stage would cost a write just before it.
            self._stage = None
            self._tell(time.monotonic())
            if result.state is BuildState.SUCCEEDED:
                self._parts.artifacts.publish(self._build_id, output)
        except Unavailable as error:
            if error.code != "no_room":
                raise
            result = BuildResult(state=BuildState.FAILED, reason=FailureReason.DISK_FULL, message=_DISK_FULL)
        finally:
            _remove(output)
        return result

    def _prepare(self) -> tuple[str, Compiler]:
        """Whose build cache to use, and the tools as the catalog names them."""
        with self._equipment.session() as session:
            build = session.get_one(Build, self._build_id)
            owner = f"{build.account_id}/{build.sketch_id or build.id}"
            catalog = boards.read_catalog(session)
        compiler = Compiler.of_catalog(catalog, self._equipment.toolchain, self._equipment.cache)
        return owner, compiler

    def _finish(self, result: BuildResult) -> None:
        with self._equipment.session() as session:
            build_runs.finish(session, build_id=self._build_id, result=result, parts=self._parts)

    def _enter(self, stage: Stage) -> None:
        self._stage = stage

    def _tick(self) -> bool:
        """Pass the news on, show a sign of life, and look whether somebody asked to stop."""
        now = time.monotonic()
        if now - self._told_at >= _NEWS_INTERVAL_S:
            self._tell(now)
        self._beat(now)
        if now - self._asked_at >= _CANCEL_INTERVAL_S:
            self._asked_at = now
            self._is_cancelled = self._ask()
        return self._is_cancelled

    def _tell(self, now: float) -> None:
        self._told_at = now
        lines, self._lines[:] = list(self._lines), []
        if lines:
            text = "".join(f"{line}\n" for line in lines)
            build_runs.add_log(self._build_id, text=text, parts=self._parts)
        stage, self._stage = self._stage, None
        if stage:
            with self._equipment.session() as session:
                build_runs.set_stage(session, build_id=self._build_id, stage=stage, parts=self._parts)

    def _beat(self, now: float) -> None:
        if self._beat_at and now - self._beat_at < _BEAT_INTERVAL_S:
            return
        self._beat_at = now
        try:
            self._equipment.queue.beat_build(self._build_id)
        except Unavailable:
            logger.warning("queue_away_at_beat", extra={"build_id": self._build_id})

    def _ask(self) -> bool:
        try:
            return self._equipment.queue.is_cancelled(self._build_id)
        except Unavailable:
            return self._is_cancelled

    def _sign_off(self) -> None:
        try:
            self._equipment.queue.sign_off_build(self._build_id)
        except Unavailable:
            logger.warning("queue_away_at_sign_off", extra={"build_id": self._build_id})


def _remove(output: Path) -> None:
    """Remove what was not published."""
    if os.path.lexists(output):
        shutil.rmtree(output, ignore_errors=True)
