"""Holds one program of the supervisor: keeps its log, and leaves none of its processes behind.

The guard ends when the program ends, when it is told to (SIGTERM), and when the supervisor is gone, even by
kill -9. It adopts every orphan the program makes, so at the end it can find and kill them all.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from logging import makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import IO, Self

import psutil

# RQ takes a second SIGTERM, at least one second after the first, as "stop now, not after this job".
_REPEAT_S = 1.5
_LAST_LINES_S = 2.0
_KILL_LIMIT_S = 5.0
# Two files are kept of each program; a longer line is cut into several.
LOG_BYTES = 2_000_000
_LINE_BYTES = 1 << 16
# <linux/prctl.h>
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the supervisor wants to be run.

    Attributes:
        command: program and arguments.
        log: file for all it prints.
        grace_s: seconds between the first request to stop and the kill.
        parent: the supervisor's process id.
    """

    command: list[str]
    log: str
    grace_s: float
    parent: int

    def to_json(self) -> str:
        """The order as the guard reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read an order."""
        return cls(**json.loads(text))


class ProcessGuard:
    """One program, from start to end."""

    def __init__(self, order: Order) -> None:
        """Start the program."""
        own_pid = os.getpid()
        self._kill_after = max(1, round(order.grace_s / _REPEAT_S))
        self._requests = 0
        self._child: subprocess.Popen[bytes] | None = None
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGALRM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        child = subprocess.Popen(
            order.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: _prepare_program(own_pid),
        )
        self._child = child
        output = child.stdout
        assert output is not None
        self._pump = threading.Thread(target=copy_lines, args=(output, Path(order.log)), daemon=True)
        self._pump.start()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Ask once, ask again, then kill."""
        if self._requests > self._kill_after:
            _kill_descendants()
            return
        if self._requests == 0:
            signal.setitimer(signal.ITIMER_REAL, _REPEAT_S, _REPEAT_S)
        self._requests += 1
        if self._child is None:
            return
        try:
            os.kill(self._child.pid, signal.SIGTERM)
        except ProcessLookupError:
            return

    def wait(self) -> int:
        """Wait for the program's end and clear up behind it.

        Returns:
            The program's exit code; 128 + n if signal n ended it.
        """
        code = _code_of(self._child.pid) if self._child else 1
        signal.setitimer(signal.ITIMER_REAL, 0)
        _kill_descendants()
        self._pump.join(_LAST_LINES_S)
        return code


def _prepare_program(guard: int) -> None:
    """Give the program ordinary signals again and bind it to the guard."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    _end_with_parent(guard)


def _code_of(child: int) -> int:
    """Reap whatever ends until the program itself does."""
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return 1
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def copy_lines(output: IO[bytes], path: Path, limit_bytes: int = LOG_BYTES) -> None:
    """Copy what a program prints into its log; a disk that is full loses the lines and nothing else."""
    with _opened(path, limit_bytes) as log:
        for line in iter(lambda: output.readline(_LINE_BYTES), b""):
            log.emit(makeLogRecord({"msg": line.decode(errors="replace").rstrip("\n")}))


@contextmanager
def _opened(path: Path, limit_bytes: int) -> Iterator[RotatingFileHandler]:
    path.parent.mkdir(parents=True, exist_ok=True)
    log = RotatingFileHandler(path, maxBytes=limit_bytes, backupCount=1, encoding="utf-8", errors="replace")
    try:
        yield log
    finally:
        log.close()


def _end_with_parent(parent: int) -> None:
    """Ask the kernel to send SIGTERM to this process when its parent ends, however that happens (Linux only).

    Args:
        parent: the parent as it was told; if it is gone already, this process ends at once.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)


def _adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own: none gets out of sight (Linux only)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _kill_descendants() -> None:
    """Kill all descendants of this process, again until none is left: a dying one can still fork."""
    deadline = time.monotonic() + _KILL_LIMIT_S
    while (living := _living_descendants()) and time.monotonic() < deadline:
        for process in living:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        _reap()
        time.sleep(0.02)


def _living_descendants() -> list[psutil.Process]:
    return [process for process in psutil.Process().children(recursive=True) if _is_living(process)]


def _is_living(process: psutil.Process) -> bool:
    """Whether a process has not ended; a zombie has."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _reap() -> None:
    """Take the exit codes of adopted processes, so that they do not stay as zombies."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def main() -> int:
    """Run the program that the supervisor names on the standard input.

    It is not among the arguments, so that a list of processes shows each program once.
    """
    order = Order.from_json(sys.stdin.read())
    _adopt_orphans()
    _end_with_parent(order.parent)
    try:
        return ProcessGuard(order).wait()
    except OSError as error:
        copy_lines(BytesIO(f"{order.command[0]}: {error.strerror}\n".encode()), Path(order.log))
        return 127


if __name__ == "__main__":
    sys.exit(main())
