"""A program that the supervisor keeps running."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.supervisor.process_guard import Order

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
# A program that ran this long was well; its next end starts with a short pause again.
_WELL_AFTER_S = 60.0
# The guard needs a moment more than the program it holds.
_GUARD_EXTRA_S = 8.0


@dataclass(slots=True, kw_only=True)
class Child:
    """One program under its guard.

    Attributes:
        name: as printed; also the name of its log.
        command: program and arguments.
        env: its whole environment.
        cwd: the folder it runs in.
        log: the file of its output.
        grace_s: seconds it gets to stop by itself.
        is_kept: whether to start it again when it ends.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    grace_s: float = 5.0
    is_kept: bool = True
    ends: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _restart_at: float = field(default=0.0)
    _pause_s: float = field(default=_FIRST_PAUSE_S)

    def start(self) -> None:
        """Start the program."""
        order = Order(command=list(self.command), log=str(self.log), grace_s=self.grace_s, parent=os.getpid())
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.supervisor.process_guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(self.env),
            cwd=self.cwd,
            # Ctrl-C in the terminal is for the supervisor alone; it stops the rest in order.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        with self._process.stdin as channel:
            channel.write(order.to_json().encode())
        self._started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Whether the program runs now."""
        return self._process is not None and self._process.poll() is None

    def check(self, say: Callable[[str], None]) -> None:
        """Notice an end, and start again when the pause is over."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            code, self._process = self._process.returncode, None
            self._note_end(code, now, say)
        if self._process is None and self.is_kept and self._started_at and now >= self._restart_at:
            self.start()

    def _note_end(self, code: int, now: float, say: Callable[[str], None]) -> None:
        self.ends += 1
        if not self.is_kept:
            return
        if now - self._started_at >= _WELL_AFTER_S:
            self._pause_s = _FIRST_PAUSE_S
        self._restart_at = now + self._pause_s
        say(f"{self.name} stopped (code {code}); starting it again in {self._pause_s:.0f} s. Log: {self.log}")
        self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    def ask_to_stop(self) -> None:
        """Ask the program to stop; returns at once."""
        self.is_kept = False
        if self.is_running and self._process is not None:
            self._process.terminate()

    def wait_stopped(self) -> None:
        """Wait until it stopped; the guard kills what does not."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=self.grace_s + _GUARD_EXTRA_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
