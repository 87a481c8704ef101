"""Lines that a bot's sketch printed."""

from collections.abc import Sequence
from typing import TypedDict

from app.models import DeviceLog


class DeviceLogPayload(TypedDict):
    """Lines of a bot, newest last; each is {"at": ISO time of its arrival, "text": …}.

    `start` counts the lines that came before these; `dropped` those that the bot lost.
    """

    device_id: str
    start: int
    lines: list[dict[str, str]]
    dropped: int


def of_device_log(row: DeviceLog, lines: Sequence[dict[str, str]]) -> DeviceLogPayload:
    """The newest lines of a log.

    Args:
        lines: the last ones of all that came.
    """
    start = row.total - len(lines)
    return {"device_id": row.device_id, "start": start, "lines": list(lines), "dropped": row.dropped}
