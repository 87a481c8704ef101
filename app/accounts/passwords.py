"""Password hashes with argon2id, a few at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import argon2
from argon2 import Type
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.errors import Unavailable

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1
# A flood of logins must leave the processor to the other pages.
_AT_ONCE = 2
_LONGEST_WAIT_S = 5.0


class PasswordHasher:
    """Slow hashes of passwords.

    Args:
        at_once: hashes that may be computed at the same time; the rest waits in line.
        longest_wait_s: seconds a caller waits in line before it is sent away.
    """

    def __init__(self, *, at_once: int = _AT_ONCE, longest_wait_s: float = _LONGEST_WAIT_S) -> None:
        self._argon2 = argon2.PasswordHasher(
            time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES, type=Type.ID
        )
        self._slots = threading.BoundedSemaphore(at_once)
        self._longest_wait_s = longest_wait_s
        # Compared with when there is no account, so that the answer takes as long.
        self._nobody = self._argon2.hash("nobody")

    def hash(self, password: str) -> str:
        """A salted hash in the PHC string format.

        Raises:
            Unavailable: too many others are in line.
        """
        with self._slot():
            return self._argon2.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether they fit; takes the same time when there is no hash to compare with.

        Raises:
            Unavailable: too many others are in line.
        """
        with self._slot():
            try:
                fits = self._argon2.verify(password_hash or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return fits and password_hash is not None

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=self._longest_wait_s):
            raise Unavailable("too_busy", "Too many people are logging in right now. Try again in a moment.")
        try:
            yield
        finally:
            self._slots.release()
