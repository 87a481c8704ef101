"""One running Airsketch per instance folder."""

import fcntl
import os
from pathlib import Path
from typing import Self, TextIO

from tools.setup.errors import SetupError
from tools.setup.paths import Paths


class InstanceLock:
    """Held by the supervisor as long as it lives; the system frees it, whatever ends the process."""

    def __init__(self, file: TextIO) -> None:
        """Keep the open, locked file."""
        self._file = file

    @classmethod
    def take(cls, paths: Paths, note: str) -> Self:
        """Take the lock.

        Args:
            paths: whose instance folder.
            note: the address of the page, shown when a second start is refused.
        Raises:
            SetupError: another supervisor holds it.
        """
        path = _path(paths)
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise _already_running(path) from None
        file.truncate(0)
        file.write(f"{note} process {os.getpid()}")
        file.flush()
        return cls(file)

    @staticmethod
    def refuse_if_held(paths: Paths) -> None:
        """Stop early if a supervisor runs; takes nothing.

        Raises:
            SetupError: another supervisor holds the lock.
        """
        if holder_note(paths) is not None:
            raise _already_running(_path(paths))

    def release(self) -> None:
        """Give the lock back."""
        self._file.truncate(0)
        self._file.close()


def holder_note(paths: Paths) -> str | None:
    """What the supervisor that holds the lock wrote into it, its address first; None if nobody holds it."""
    path = _path(paths)
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return file.read().strip()
    return None


def _path(paths: Paths) -> Path:
    return paths.instance / "run.lock"


def _already_running(path: Path) -> SetupError:
    note = path.read_text(encoding="utf-8").strip()
    return SetupError(
        f"Airsketch is already running in this folder ({note or 'no address yet'}).",
        "Open that address, or stop it first with Ctrl-C in its window.",
    )
