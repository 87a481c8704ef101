"""What makes a compile warm: a build cache for each sketch, and compiled cores for all.

arduino-cli reuses what it compiled before. A cache that two tenants could write would let one plant
code in the other's firmware, so a sketch's cache is written by compiles of this sketch alone, and the
compiled cores, made from an empty sketch, are shown to all others read-only.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.toolchain.rules import Fqbn
from compiler_worker.sandbox.procfs import folder_bytes

MAX_BYTES = 4 * 1024**3
_LOCK = "lock"
_CONTENT = "content"
_COMPLETE_FOR = "complete-for"
_KEY_CHARS = 32


class WarmCache:
    """The caches below one folder.

    Args:
        root: made when missing; on one disk.
        max_bytes: the sketches' caches together are pruned to this, the longest unused first.
    """

    def __init__(self, root: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._root = root
        self._max_bytes = max_bytes

    @contextmanager
    def of_sketch(self, owner: str, fqbn: Fqbn, inputs: Iterable[str]) -> Iterator[Path]:
        """The build cache of one sketch and board, for one compile at a time.

        Two concurrent compiles corrupt a cache, so the second gets an empty one of its own.

        arduino-cli compiles again what was edited, but links whatever objects it finds, also those of
        deleted files. So a cache is used again only if its last compile had the same inputs and was not
        broken off.

        Args:
            owner: names the account and the sketch; no two sketches share it.
            inputs: names of the toolchain and of the files; not what is in the files.
        """
        slot = self._root / "sketches" / _key(owner, fqbn)
        slot.mkdir(parents=True, exist_ok=True)
        with _locked(slot, wait=False) as held:
            if held:
                with _kept_for(slot, _digest(*inputs)) as content:
                    yield content
                return
        with tempfile.TemporaryDirectory(prefix="airsketch-cold-") as cold:
            yield Path(cold)

    @contextmanager
    def of_core(self, toolchain_key: str, fqbn: Fqbn, fill: Callable[[Path], bool]) -> Iterator[Path]:
        """The compiled core of a board, made on the first use; an empty folder if that fails.

        Args:
            toolchain_key: names the versions of everything that goes in.
            fill: compiles an empty sketch with the given cache and says whether it worked.
        """
        slot = self._root / "cores" / _key(toolchain_key, fqbn)
        content = slot / _CONTENT
        if not content.exists():
            slot.mkdir(parents=True, exist_ok=True)
            with _locked(slot, wait=True):
                if not content.exists():
                    _fill(content, fill)
        if content.exists():
            yield content
            return
        with tempfile.TemporaryDirectory(prefix="airsketch-no-core-") as empty:
            yield Path(empty)

    def prune(self) -> None:
        """Remove the longest unused caches of sketches until all fit."""
        root = self._root / "sketches"
        slots = sorted(root.iterdir(), key=_last_use) if root.exists() else []
        sizes = {slot: folder_bytes(slot) for slot in slots}
        total = sum(sizes.values())
        for slot in slots:
            if total <= self._max_bytes:
                return
            with _locked(slot, wait=False) as held:
                if held:
                    shutil.rmtree(slot / _CONTENT, ignore_errors=True)
                    total -= sizes[slot]


@contextmanager
def _kept_for(slot: Path, inputs: str) -> Iterator[Path]:
    """The content of a slot, emptied unless it is complete for these inputs."""
    content, complete_for = slot / _CONTENT, slot / _COMPLETE_FOR
    if not complete_for.exists() or complete_for.read_text(encoding="ascii") != inputs:
        shutil.rmtree(content, ignore_errors=True)
    complete_for.unlink(missing_ok=True)
    content.mkdir(exist_ok=True)
    os.utime(slot)
    yield content
    complete_for.write_text(inputs, encoding="ascii")


def _fill(content: Path, fill: Callable[[Path], bool]) -> None:
    """Fill a folder aside, so that a half-filled one is never used."""
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=content.parent))
    try:
        if fill(partial):
            # Only the cores are shared; what the empty sketch left is of no use.
            shutil.rmtree(partial / "sketches", ignore_errors=True)
            partial.rename(content)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _locked(slot: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of a slot until the end, also an end by SIGKILL; False when somebody else has it."""
    fd = os.open(slot / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _lock(fd, wait=wait)
    finally:
        os.close(fd)


def _lock(fd: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _last_use(slot: Path) -> float:
    return slot.stat().st_mtime


def _key(owner: str, fqbn: Fqbn) -> str:
    return _digest(owner, fqbn)[:_KEY_CHARS]


def _digest(*texts: str) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
