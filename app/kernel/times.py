"""Times as text: ISO 8601 in UTC with milliseconds."""

from datetime import datetime


def iso(value: datetime) -> str:
    """An aware UTC time, for example `2026-05-04T12:00:00.000Z`."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def maybe_iso(value: datetime | None) -> str | None:
    """The same, or None."""
    return iso(value) if value else None
