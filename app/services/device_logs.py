"""What a bot's sketch printed: a bounded ring in the database, newest line last."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models import DeviceLog
from app.ports import Clock
from app.services import devices
from app.services.transaction import writing

KEPT_LINES = 200
_MAX_LINE_CHARS = 256


def append(
    session: Session, *, device_id: str, counter: str, lines: Sequence[str], dropped: int, clock: Clock
) -> None:
    """Keep the newest lines of a bot; uses the counter of the signed call up.

    Args:
        dropped: lines the bot itself had to drop since its last call.
    Raises:
        Conflict: the counter was used before.
    """
    now = clock.now()
    with writing(session):
        devices.claim_counter(session, device_id=device_id, counter=counter)
        row = session.scalar(_query(device_id).with_for_update())
        if row is None:
            row = DeviceLog(device_id=device_id, lines=[], dropped=0, changed_at=now)
            session.add(row)
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        whole = [*row.lines, *({"at": at, "text": line[:_MAX_LINE_CHARS]} for line in lines)]
        row.lines = whole[-KEPT_LINES:]
        row.dropped += dropped
        row.changed_at = now


def read(session: Session, *, account_id: str | None, device_id: str) -> tuple[list[dict[str, str]], int]:
    """The kept lines and the number of lines the bot dropped.

    Raises:
        NotFound: no such device of this account.
    """
    devices.get(session, account_id=account_id, device_id=device_id)
    row = session.scalar(_query(device_id))
    return (row.lines, row.dropped) if row else ([], 0)


def _query(device_id: str) -> Select[DeviceLog]:
    return select(DeviceLog).where(DeviceLog.device_id == device_id)
