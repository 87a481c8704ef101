"""Downloads and reports, which move an update between offer and restart.

Progress is advice: it is written when it can be, never goes backwards and never opens what has ended.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.devices import credentials
from app.devices import service as devices
from app.devices.tables import Device
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import writing
from app.updates import rules
from app.updates.rules import OPEN_STATES, InferredError, ReportState, UpdateEvent, UpdateState
from app.updates.tables import Release, Update
from app.updates.transitions import Transition, publish, publish_updates, store_progress, transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a bot reports of its update.

    Attributes:
        bytes_done: bytes of the image it holds, 0 or more.
        error: an UpdateError or a short text; empty unless it failed.
    """

    state: ReportState
    bytes_done: int
    error: str


class Downloads:
    """Downloads of images, and the reports of bots."""

    def __init__(self, *, sessions: Callable[[], Session], events: EventPublisher, clock: Clock) -> None:
        self._sessions = sessions
        self._events = events
        self._clock = clock

    def open_firmware(self, device_id: str, update_id: str, *, counter: str) -> tuple[Update, Release]:
        """The image of a device's own open update; consumes the counter of the signed call.

        Raises:
            Conflict: the counter was used before, or the update has ended (`update_closed`).
            NotFound: no such update of this device.
        """
        session = self._sessions()
        with writing(session):
            credentials.claim_counter(session, device_id=device_id, counter=counter)
            return _open(session, device_id, update_id)

    def begin(self, update_id: str, *, at: int) -> None:
        """A bot has started to download an image, from byte `at`; does nothing if it is further already."""
        session, now = self._sessions(), self._clock.now()
        with writing(session):
            moved = transition(session, update_id, UpdateEvent.DOWNLOAD, now=now, bytes_done=at)
        self._tell(session, moved)

    def progress(self, update_id: str, *, bytes_done: int) -> bool:
        """Store how many bytes a bot has; False if it had them before or no longer downloads."""
        session, now = self._sessions(), self._clock.now()
        with writing(session):
            stored = store_progress(session, update_id, bytes_done, now=now)
        self._tell(session, stored)
        return stored is not None

    def complete(self, update_id: str, *, bytes_done: int) -> None:
        """All bytes were sent by the static link: the bot installs now, which it does not report itself."""
        session, now = self._sessions(), self._clock.now()
        with writing(session):
            moved = transition(
                session,
                update_id,
                UpdateEvent.INSTALL,
                now=now,
                bytes_done=bytes_done,
                whole_downloads=Update.whole_downloads + 1,
            )
        self._tell(session, moved)

    def report(self, device_id: str, update_id: str, report: Report, *, counter: str) -> UpdateState:
        """Store a bot's report on its update; the state of the update afterwards.

        A report with nothing new, or less progress than stored, changes nothing.

        Raises:
            Conflict: the counter was used before, or the update has ended (`update_closed`).
            NotFound: no such update of this device.
        """
        session, now = self._sessions(), self._clock.now()
        with writing(session):
            credentials.claim_counter(session, device_id=device_id, counter=counter)
            _, release = _open(session, device_id, update_id)
            moved = _apply(session, update_id, report, release.size_bytes, now)
        self._tell(session, moved)
        return _state(session, update_id)

    def linked(self, device_id: str) -> tuple[Release, Update | None] | None:
        """The release last sent to a device and the newest update to it; None if nothing was sent yet."""
        return _linked(self._sessions(), device_id)

    def running(self, device_id: str, digest: str) -> None:
        """A bot reports by the static link which image it runs; that moves its open update."""
        session, now = self._sessions(), self._clock.now()
        with writing(session):
            device = devices.lock(session, account_id=None, device_id=device_id)
            moved = _judge(session, device_id, digest, now)
            session.refresh(device)
            device.image_digest = digest
            device.last_seen_at = now
            device.revision += 1
        publish_updates(session, [moved.update_id] if moved else [], events=self._events)
        devices.publish([device], events=self._events)

    def _tell(self, session: Session, moved: Transition | None) -> None:
        publish(session, [moved] if moved else [], events=self._events)


def _linked(session: Session, device_id: str) -> tuple[Release, Update | None] | None:
    query = (
        select(Release, Update)
        .join(Device, Device.sent_release_id == Release.id)
        .outerjoin(Update, (Update.device_id == Device.id) & (Update.release_id == Release.id))
        .where(Device.id == device_id)
        .order_by(Update.created_at.desc())
        .limit(1)
    )
    found = session.execute(query, execution_options={"populate_existing": True}).first()
    return (found[0], found[1]) if found else None


def _judge(session: Session, device_id: str, running_digest: str, now: datetime) -> Transition | None:
    """Move the open update of a device by the digest of its running image."""
    found = _linked(session, device_id)
    if found is None:
        return None
    release, row = found
    if row is None or row.state not in OPEN_STATES:
        return None
    is_target = running_digest == release.image_digest
    event = rules.decide_by_digest(row.state, is_target=is_target, whole_downloads=row.whole_downloads)
    if event is UpdateEvent.CONFIRM:
        return transition(session, row.id, event, now=now, bytes_done=release.size_bytes)
    if event is UpdateEvent.ROLL_BACK:
        return transition(session, row.id, event, now=now, error=InferredError.ROLLED_BACK)
    if event is UpdateEvent.OFFER:
        return transition(session, row.id, event, now=now, bytes_done=0)
    return None


def _open(session: Session, device_id: str, update_id: str) -> tuple[Update, Release]:
    query = (
        select(Update, Release)
        .join(Release, Release.id == Update.release_id)
        .where(Update.id == update_id, Update.device_id == device_id)
    )
    found = session.execute(query, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound("no_such_update", "There is no such update for this bot.")
    row, release = found
    if row.state not in OPEN_STATES:
        raise Conflict(
            "update_closed", f"This update has already ended: it is {row.state}.", {"state": row.state}
        )
    return row, release


def _apply(
    session: Session, update_id: str, report: Report, size_bytes: int, now: datetime
) -> Transition | None:
    done = min(report.bytes_done, size_bytes)
    if report.state is ReportState.FAILED:
        error, detail = rules.error_of_report(report.error)
        return transition(session, update_id, UpdateEvent.FAIL, now=now, error=error, detail=detail)
    if report.state is ReportState.DOWNLOADING:
        has_started = _move_once(session, update_id, UpdateEvent.DOWNLOAD, now, bytes_done=done)
        return has_started or store_progress(session, update_id, done, now=now)
    event = rules.event_of_report(report.state)
    return _move_once(session, update_id, event, now, bytes_done=size_bytes)


def _move_once(
    session: Session, update_id: str, event: UpdateEvent, now: datetime, *, bytes_done: int
) -> Transition | None:
    """Apply a step unless the update has made it already."""
    unmade = Update.state != rules.target_of(event)
    return transition(session, update_id, event, now=now, only_if=unmade, bytes_done=bytes_done)


def _state(session: Session, update_id: str) -> UpdateState:
    return UpdateState(
        session.connection().execute(select(Update.state).where(Update.id == update_id)).scalar_one()
    )
