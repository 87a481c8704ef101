"""What a bot's sketch printed: a bounded ring in the database, newest line last."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.devices import service as devices
from app.devices.payload import DeviceLogPayload, of_device_log
from app.devices.tables import Device, DeviceLog
from app.events.names import EventName
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.transaction import writing

KEPT_LINES = 200
_MAX_LINE_CHARS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class LogParts:
    """The outside parts that keeping a log needs."""

    events: EventPublisher
    clock: Clock


def append(
    session: Session, *, device_id: str, counter: str, lines: Sequence[str], dropped: int, parts: LogParts
) -> None:
    """Keep the newest lines of a bot; uses the counter of the signed call up.

    Args:
        dropped: lines the bot itself had to drop since its last call.
    Raises:
        Conflict: the counter was used before.
    """
    now = parts.clock.now()
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    fresh = [{"at": at, "text": line[:_MAX_LINE_CHARS]} for line in lines]
    with writing(session):
        devices.claim_counter(session, device_id=device_id, counter=counter)
        if not fresh and not dropped:
            # A bot with a new image only asks whether it is believed.
            return
        row = session.scalar(_query(device_id).with_for_update())
        if row is None:
            row = DeviceLog(device_id=device_id, lines=[], dropped=0, total=0, changed_at=now)
            session.add(row)
        row.lines = [*row.lines, *fresh][-KEPT_LINES:]
        row.dropped += dropped
        row.total += len(fresh)
        row.changed_at = now
        account_id = session.scalar(select(Device.account_id).where(Device.id == device_id))
        news = of_device_log(row, fresh)
    parts.events.publish(EventName.DEVICE_LOG, devices.rooms_of(account_id), dict(news))


def read(session: Session, *, account_id: str | None, device_id: str) -> DeviceLogPayload:
    """The kept lines of a bot.

    Raises:
        NotFound: no such device of this account.
    """
    devices.get(session, account_id=account_id, device_id=device_id)
    row = session.scalar(_query(device_id))
    if row is None:
        return {"device_id": device_id, "start": 0, "lines": [], "dropped": 0}
    return of_device_log(row, row.lines)


def _query(device_id: str) -> Select[DeviceLog]:
    return select(DeviceLog).where(DeviceLog.device_id == device_id)
