"""The time of this machine."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The current UTC time, aware."""
        ...


class SystemClock:
    """The Clock of a real server."""

    def now(self) -> datetime:
        """The current UTC time, aware."""
        return datetime.now(UTC)
