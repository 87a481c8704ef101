"""Holds one program of the supervisor: keeps its log, and leaves none of its processes behind.

The leash ends when the program ends, when it is told to (SIGTERM), and when the supervisor is gone, even by
kill -9. It adopts every orphan the program makes, so at the end it can find and kill them all.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Self

from tools.supervisor.bounded_log import BoundedLog
from tools.supervisor.process_tree import adopt_orphans, end_with_parent, kill_descendants

# RQ takes a second SIGTERM, at least one second after the first, as "stop now, not after this job".
_REPEAT_S = 1.5
_CHUNK_BYTES = 1 << 16
_LAST_LINES_S = 2.0


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
        """The order as the leash reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read an order."""
        return cls(**json.loads(text))


class Leash:
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
        self._pump = threading.Thread(target=_copy, args=(output, BoundedLog(Path(order.log))), daemon=True)
        self._pump.start()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Ask once, ask again, then kill."""
        if self._requests > self._kill_after:
            kill_descendants(os.getpid())
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
        kill_descendants(os.getpid())
        self._pump.join(_LAST_LINES_S)
        return code


def _prepare_program(leash: int) -> None:
    """Give the program ordinary signals again and bind it to the leash."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    end_with_parent(leash)


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


def _copy(output: IO[bytes], log: BoundedLog) -> None:
    """Copy what the program prints into the log."""
    descriptor = output.fileno()
    while data := os.read(descriptor, _CHUNK_BYTES):
        log.write(data)
    log.close()


def main() -> int:
    """Run the program that the supervisor names on the standard input.

    It is not among the arguments, so that a list of processes shows each program once.
    """
    order = Order.from_json(sys.stdin.read())
    adopt_orphans()
    end_with_parent(order.parent)
    try:
        return Leash(order).wait()
    except OSError as error:
        BoundedLog(Path(order.log)).write(f"{order.command[0]}: {error.strerror}\n".encode())
        return 127


if __name__ == "__main__":
    sys.exit(main())
