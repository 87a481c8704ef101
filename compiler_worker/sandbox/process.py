"""One child process: limits, live output, and no process left running.

This is the only place of the worker that starts a child. The programs started here read hostile
input, so each limit ends in a named `End` instead of an exception.
"""

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from compiler_worker.sandbox.procfs import descendants, folder_bytes, has_exited, leave_nothing, private_bytes

# How often the limits and the stop request are checked while the child runs.
_TICK_S = 0.05
_READ_BYTES = 65536
# A line longer than this is handed over in pieces.
_MAX_LINE_BYTES = 8192
# POSIX shells count `ulimit -f` in blocks of 512 bytes and `ulimit -v` in KiB.
_FILE_BLOCK_BYTES = 512


class Stream(StrEnum):
    """Where a line of the child came from."""

    OUT = "stdout"
    ERR = "stderr"


class End(StrEnum):
    """Why the child ended."""

    EXITED = "exited"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    FLOODED = "flooded"
    OUT_OF_MEMORY = "out_of_memory"
    TOO_MANY_PROCESSES = "too_many_processes"
    DISK_FULL = "disk_full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a child and its descendants may use.

    Attributes:
        wall_s: seconds until everything is killed.
        out_bytes: bytes on stdout until everything is killed.
        err_bytes: the same for stderr.
        address_space_bytes: virtual memory of each process (RLIMIT_AS).
        file_bytes: size of each file written (RLIMIT_FSIZE).
        memory_bytes: private resident memory of all processes together.
        processes: processes at the same time.
        disk_bytes: what the folders given to `run` may hold together.
    """

    wall_s: float = 120.0
    out_bytes: int = 16 * 1024 * 1024
    err_bytes: int = 1024 * 1024
    address_space_bytes: int = 4 * 1024**3
    file_bytes: int = 128 * 1024**2
    memory_bytes: int = 3 * 1024**3
    processes: int = 128
    disk_bytes: int = 768 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a child ended.

    Attributes:
        rc: exit code as Popen gives it: negative for a signal.
        out, err: what it printed, up to the limit.
        wall_s: how long it ran, in seconds.
    """

    end: End
    rc: int
    out: str
    err: str
    wall_s: float


def _ignore(*_ignored: object) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Callbacks for a running child.

    Attributes:
        on_line: gets each line as it comes, without its line end.
        on_processes: gets the ids of all processes of the child about twenty times a second.
        cancelled: asked as often; True ends the child.
    """

    on_line: Callable[[Stream, str], None] = _ignore
    on_processes: Callable[[Sequence[int]], None] = _ignore
    cancelled: Callable[[], bool] = lambda: False


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    limits: Limits,
    listener: Listener = Listener(),
    folders: Sequence[Path] = (),
    pass_fds: Sequence[int] = (),
) -> Outcome:
    """Run one program to its end; whatever happens, none of its processes is left.

    Args:
        env: the whole environment of the child.
        folders: where the child writes; their size together is bounded by `limits.disk_bytes`.
    """
    started = time.monotonic()
    child = _start(argv, env=env, cwd=cwd, limits=limits, pass_fds=pass_fds)
    follower = _Follower(child, limits, listener)
    try:
        end = follower.follow(started + limits.wall_s, folders)
        leave_nothing(child)
        follower.drain()
    finally:
        leave_nothing(child)
        follower.close()
    return Outcome(
        end=end,
        rc=child.returncode,
        out=follower.text(Stream.OUT),
        err=follower.text(Stream.ERR),
        wall_s=time.monotonic() - started,
    )


def _start(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, limits: Limits, pass_fds: Sequence[int]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_with_rlimits(limits), *argv],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        pass_fds=pass_fds,
    )


def _with_rlimits(limits: Limits) -> list[str]:
    """A shell that lowers the limits of its own process and becomes the program.

    A limit the platform lacks (macOS has no `ulimit -v`) is skipped.
    """
    script = (
        f"ulimit -c 0; ulimit -f {limits.file_bytes // _FILE_BLOCK_BYTES}; "
        f'ulimit -v {limits.address_space_bytes // 1024} 2>/dev/null; exec "$@"'
    )
    return ["/bin/sh", "-c", script, "sh"]


class _Follower:
    """Reads both streams of a child, cuts them into lines and watches the limits."""

    def __init__(self, child: subprocess.Popen[bytes], limits: Limits, listener: Listener) -> None:
        self._child = child
        self._room = {Stream.OUT: limits.out_bytes, Stream.ERR: limits.err_bytes}
        self._limits = limits
        self._listener = listener
        self._kept: dict[Stream, list[str]] = {stream: [] for stream in Stream}
        self._rest: dict[Stream, bytes] = dict.fromkeys(Stream, b"")
        self._selector = selectors.DefaultSelector()
        for stream, pipe in ((Stream.OUT, child.stdout), (Stream.ERR, child.stderr)):
            assert pipe is not None  # noqa: S101 - both were asked for
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ, stream)

    def follow(self, deadline: float, folders: Sequence[Path]) -> End:
        """Pass on the output until the child exits or must be killed."""
        next_tick = 0.0
        while self._selector.get_map():
            now = time.monotonic()
            if now >= next_tick:
                next_tick = now + _TICK_S
                end = self._reason_to_end(now >= deadline, folders)
                if end:
                    return end
            if not self._read(_TICK_S):
                return End.FLOODED
        return self._wait(deadline)

    def _reason_to_end(self, late: bool, folders: Sequence[Path]) -> End | None:
        if late:
            return End.TIMED_OUT
        if self._listener.cancelled():
            return End.CANCELLED
        if has_exited(self._child):
            # A grandchild may keep the pipes open forever; their contents are read after it is killed.
            return End.EXITED
        return self._check_use(folders)

    def _check_use(self, folders: Sequence[Path]) -> End | None:
        tree = list(descendants(self._child.pid))
        self._listener.on_processes(tree)
        if len(tree) > self._limits.processes:
            return End.TOO_MANY_PROCESSES
        if sum(map(private_bytes, tree)) > self._limits.memory_bytes:
            return End.OUT_OF_MEMORY
        if sum(map(folder_bytes, folders)) > self._limits.disk_bytes:
            return End.DISK_FULL
        return None

    def _wait(self, deadline: float) -> End:
        """Wait for a child that has closed both streams but still runs."""
        while not has_exited(self._child):
            if time.monotonic() >= deadline:
                return End.TIMED_OUT
            if self._listener.cancelled():
                return End.CANCELLED
            time.sleep(0.001)
        return End.EXITED

    def _read(self, wait_s: float) -> bool:
        """Read what is there; False when a stream has passed its limit."""
        for key, _ in self._selector.select(wait_s):
            pipe: IO[bytes] = key.fileobj  # type: ignore[assignment]
            data = os.read(pipe.fileno(), _READ_BYTES)
            if not data:
                self._selector.unregister(pipe)
                self._flush(key.data)
            elif not self._take(key.data, data):
                return False
        return True

    def _take(self, stream: Stream, data: bytes) -> bool:
        text, newline, rest = (self._rest[stream] + data[: max(self._room[stream], 0)]).rpartition(b"\n")
        self._rest[stream] = rest
        if newline:
            self._emit(stream, text)
        if len(rest) > _MAX_LINE_BYTES:
            self._flush(stream)
        self._room[stream] -= len(data)
        return self._room[stream] >= 0

    def _flush(self, stream: Stream) -> None:
        if self._rest[stream]:
            self._emit(stream, self._rest[stream])
            self._rest[stream] = b""

    def _emit(self, stream: Stream, data: bytes) -> None:
        for line in data.split(b"\n"):
            text = line.decode("utf-8", "replace").rstrip("\r")
            self._kept[stream].append(text)
            for start in range(0, max(len(text), 1), _MAX_LINE_BYTES):
                self._listener.on_line(stream, text[start : start + _MAX_LINE_BYTES])

    def drain(self) -> None:
        """Pass on what the killed processes left in the pipes, and a last unfinished line."""
        while self._selector.get_map() and self._selector.select(0) and self._read(0):
            pass
        for stream in Stream:
            self._flush(stream)

    def text(self, stream: Stream) -> str:
        """The lines that were passed on so far."""
        return "\n".join(self._kept[stream])

    def close(self) -> None:
        """Close the pipes."""
        self._selector.close()
        for pipe in (self._child.stdout, self._child.stderr):
            if pipe:
                pipe.close()
