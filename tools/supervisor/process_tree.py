"""Processes and their descendants, read from the system."""

import ctypes
import os
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path

from tools.setup.commands import output_of

# <linux/prctl.h>
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_KILL_LIMIT_S = 5.0


def end_with_parent(parent: int) -> None:
    """Ask the kernel to send SIGTERM to this process when its parent ends, however that happens (Linux only).

    Args:
        parent: the parent as it was told; if it is gone already, this process ends at once.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own: none gets out of sight (Linux only)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def descendants_of(pid: int) -> list[int]:
    """All living descendants of a process, children first."""
    children = defaultdict(list)
    for child, parent in _parents().items():
        children[parent].append(child)
    found: list[int] = []
    waiting = [pid]
    while waiting:
        next_ones = children[waiting.pop(0)]
        found += next_ones
        waiting += next_ones
    return found


def _parents() -> dict[int, int]:
    """The parent of each living process; a zombie counts as gone."""
    if not Path("/proc/self/stat").exists():
        lines = (output_of(["ps", "-axo", "pid=,ppid=,stat="]) or "").splitlines()
        rows = [line.split() for line in lines]
        return {int(row[0]): int(row[1]) for row in rows if len(row) == 3 and not row[2].startswith("Z")}
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name in parentheses may hold anything, further parentheses too.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if state != "Z":
            parents[int(folder.name)] = int(parent)
    return parents


def kill_descendants(pid: int) -> None:
    """Kill whatever descends from a process, again until nothing is left: a dying process can still fork."""
    deadline = time.monotonic() + _KILL_LIMIT_S
    while (found := descendants_of(pid)) and time.monotonic() < deadline:
        for descendant in found:
            try:
                os.kill(descendant, signal.SIGKILL)
            except ProcessLookupError:
                continue
        _reap()
        time.sleep(0.02)


def _reap() -> None:
    """Take the exit codes of adopted processes, so that they do not stay as zombies."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return
