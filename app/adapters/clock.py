"""The time of this machine."""

from datetime import UTC, datetime


class SystemClock:
    """The Clock of a real server."""

    def now(self) -> datetime:
        """The present UTC time, aware."""
        return datetime.now(UTC)
