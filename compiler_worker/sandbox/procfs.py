"""Processes from /proc (parents, state, memory), and the sizes of folders."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
# A killed process needs a moment to disappear; a process in an uninterruptible call needs longer.
_KILL_WAIT_S = 10.0
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def kill(pid: int) -> None:
    """Kill a process; one that has exited already is fine."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def is_alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return not _PROC.joinpath("self").exists() and _answers(pid)
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def session(session_id: int) -> set[int]:
    """The processes of a session."""
    members = set()
    for pid in _all_pids():
        try:
            if os.getsid(pid) == session_id:
                members.add(pid)
        except (ProcessLookupError, PermissionError):
            continue
    return members


def _all_pids() -> list[int]:
    if _PROC.joinpath("self").exists():
        return [int(name) for name in os.listdir(_PROC) if name.isdecimal()]  # noqa: PTH208 - names are all
    listing = subprocess.run(["/bin/ps", "-axo", "pid="], capture_output=True, text=True, check=True)
    return [int(pid) for pid in listing.stdout.split()]


def descendants(pid: int) -> Iterator[int]:
    """The children of a process, their children and so on; empty where there is no /proc."""
    waiting = [pid]
    while waiting:
        for child in _children(waiting.pop()):
            yield child
            waiting.append(child)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        with os.scandir(_PROC / str(pid) / "task") as tasks:
            for task in tasks:
                with open(f"{task.path}/children", encoding="ascii") as file:  # noqa: PTH123 - asked often
                    found.extend(map(int, file.read().split()))
    except OSError:
        pass
    return found


def command_line(pid: int) -> list[str]:
    """The arguments of a process, its program first; empty if it has exited or there is no /proc."""
    try:
        line = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return line.decode("utf-8", "replace").rstrip("\0").split("\0")


def private_bytes(pid: int) -> int:
    """Resident memory of a process that it shares with nobody, in bytes."""
    try:
        fields = (_PROC / str(pid) / "statm").read_text().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * _PAGE_BYTES if len(fields) > 2 else 0


def folder_bytes(folder: Path) -> int:
    """The bytes in all files below a folder; a file that vanishes meanwhile counts nothing."""
    total = 0
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return total


def has_exited(child: subprocess.Popen[bytes]) -> bool:
    """Whether the child is done, without reaping it: a zombie keeps its process id from being used again."""
    if not hasattr(os, "waitid"):
        return child.poll() is not None
    if child.returncode is not None:
        return True
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def leave_nothing(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and all its descendants, and wait until they have exited.

    A process group is not enough: arduino-cli gives each of its children a group of their own, in
    the same session. Inside a jail everything dies with the first process of the jail.
    """
    if child.returncode is not None:
        return
    doomed = {child.pid}
    deadline = time.monotonic() + _KILL_WAIT_S
    while True:
        doomed = {pid for pid in doomed | session(child.pid) | set(descendants(child.pid)) if is_alive(pid)}
        if not doomed or time.monotonic() > deadline:
            break
        for pid in doomed:
            kill(pid)
        time.sleep(0.002)
    child.wait()
