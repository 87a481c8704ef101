"""The wireless log: a bot's serial output in a bounded ring in the database, newest line last."""

from collections.abc import Callable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.devices import credentials
from app.devices import service as devices
from app.devices.payload import DeviceLogPayload, of_device_log
from app.devices.rules import DeviceId
from app.devices.tables import Device, DeviceLog
from app.events.names import EventName
from app.events.publisher import EventPublisher
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.times import iso
from app.kernel.transaction import writing

KEPT_LINES = 200
_MAX_LINE_CHARS = 256


class DeviceLogs:
    """The serial output of bots."""

    def __init__(self, *, sessions: Callable[[], Session], events: EventPublisher, clock: Clock) -> None:
        self._sessions = sessions
        self._events = events
        self._clock = clock

    def append(self, *, device_id: DeviceId, counter: str, lines: Sequence[str], dropped: int) -> None:
        """Store new lines of a bot; consumes the counter of the signed call.

        Args:
            dropped: lines the bot itself had to drop since its last call.
        Raises:
            Conflict: the counter was used before.
        """
        session = self._sessions()
        now = self._clock.now()
        fresh = [{"at": iso(now), "text": line[:_MAX_LINE_CHARS]} for line in lines]
        with writing(session):
            credentials.claim_counter(session, device_id=device_id, counter=counter)
            if not fresh and not dropped:
                # A bot with a new image only asks whether its key is accepted.
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
            body = of_device_log(row, fresh)
        self._events.publish(EventName.DEVICE_LOG, devices.rooms_of(account_id), dict(body))

    def read(self, actor: Actor, device_id: DeviceId) -> DeviceLogPayload:
        """The kept lines of a bot.

        Raises:
            NotFound: no such device that the actor may see.
        """
        session = self._sessions()
        devices.get(session, account_id=actor.scope, device_id=device_id)
        row = session.scalar(_query(device_id))
        if row is None:
            return {"device_id": device_id, "start": 0, "lines": [], "dropped": 0}
        return of_device_log(row, row.lines)


def _query(device_id: str) -> Select[DeviceLog]:
    return select(DeviceLog).where(DeviceLog.device_id == device_id)
