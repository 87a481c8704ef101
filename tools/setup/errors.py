"""The one kind of error that people see: what is missing and what to do about it."""

import errno
from pathlib import Path

_UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


class SetupError(Exception):
    """Something cannot work here.

    Attributes:
        missing: what is missing or wrong, one sentence.
        remedy: what to do, one or two sentences.
    """

    def __init__(self, missing: str, remedy: str) -> None:
        """Keep both sentences."""
        super().__init__(f"{missing} {remedy}")
        self.missing = missing
        self.remedy = remedy


def setup_error_of(error: OSError, doing: str) -> SetupError:
    """A plain sentence for an error of the operating system.

    Args:
        error: the system's error.
        doing: what was being done, for errors without a sentence of their own here.
    """
    place = error.filename or "this folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SetupError("The disk is full.", "Free at least 2 GB, then run the command again.")
    if error.errno in _UNWRITABLE:
        return SetupError(
            f"{place} cannot be written.",
            "Give your user account write permission there, or copy the project to your own folder.",
        )
    return SetupError(f"{doing}: {error.strerror or error}.", "Fix that, then run the command again.")


def tell(error: SetupError) -> None:
    """Print an error, the same way everywhere."""
    print(f"\nAirsketch cannot go on: {error.missing}\nWhat to do: {error.remedy}", flush=True)


def log_hint(log: Path) -> str:
    """The sentence that names a log."""
    return f"Details: {log}"
