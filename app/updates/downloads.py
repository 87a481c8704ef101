"""Downloads and reports: what moves an update between the offer and the restart.

Progress is advice: it is written when it can be, never goes backwards and never opens what has ended.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.devices import service as devices
from app.devices.tables import Device
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import writing
from app.updates import rules as updates
from app.updates.rules import OPEN_STATES, ReportState, UpdateEvent, UpdateState
from app.updates.service import move, publish, touch
from app.updates.tables import Release, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadParts:
    """The outside parts that a download needs."""

    events: EventPublisher
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A bot's word on its update.

    Attributes:
        bytes_done: bytes of the image it holds, 0 or more.
        error: an UpdateError or a short text; empty unless it failed.
    """

    state: ReportState
    bytes_done: int
    error: str


def open_firmware(
    session: Session, *, device_id: str, update_id: str, counter: str
) -> tuple[Update, Release]:
    """The image of a device's own open update; uses the counter of the signed call up.

    Raises:
        Conflict: the counter was used before, or the update has ended (`update_closed`).
        NotFound: no such update of this device.
    """
    with writing(session):
        devices.claim_counter(session, device_id=device_id, counter=counter)
        return _open(session, device_id, update_id)


def begin(session: Session, *, update_id: str, at: int, parts: DownloadParts) -> None:
    """A bot has begun to fetch an image, from byte `at`; nothing happens if it is further already."""
    with writing(session):
        moved = move(
            session,
            update_id=update_id,
            event=UpdateEvent.DOWNLOAD,
            now=parts.clock.now(),
            bytes_done=at,
        )
    if moved:
        publish(session, [update_id], events=parts.events)


def progress(session: Session, *, update_id: str, bytes_done: int, parts: DownloadParts) -> bool:
    """Store how many bytes a bot has; False if that is no news or the bot no longer downloads."""
    with writing(session):
        moved = _store_progress(session, update_id, bytes_done, parts.clock.now())
    if moved:
        publish(session, [update_id], events=parts.events)
    return moved


def complete(session: Session, *, update_id: str, bytes_done: int, parts: DownloadParts) -> None:
    """All bytes went over the static link: the bot installs now, for it will not say so itself."""
    with writing(session):
        moved = _move_once(session, update_id, UpdateEvent.INSTALL, parts.clock.now(), bytes_done=bytes_done)
    if moved:
        publish(session, [update_id], events=parts.events)


def report(
    session: Session, *, device_id: str, update_id: str, counter: str, said: Report, parts: DownloadParts
) -> UpdateState:
    """Take a bot's word on its update; the state the update has afterwards.

    A report that says nothing new, or less than is known, changes nothing.

    Raises:
        Conflict: the counter was used before, or the update has ended (`update_closed`).
        NotFound: no such update of this device.
    """
    now = parts.clock.now()
    with writing(session):
        devices.claim_counter(session, device_id=device_id, counter=counter)
        _, release = _open(session, device_id, update_id)
        moved = _take(session, update_id, said, release.size_bytes, now)
        failed = moved and said.state is ReportState.FAILED
        device = touch(session, device_id) if failed else None
    if moved:
        publish(session, [update_id], events=parts.events)
    if device is not None:
        devices.publish(session, [device], events=parts.events, now=now)
    return _state(session, update_id)


def linked(session: Session, *, device_id: str) -> tuple[Release, Update | None] | None:
    """The release last sent to a device and the newest update to it; None if nothing was sent yet."""
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


def hear_digest(session: Session, *, device_id: str, running_digest: str, parts: DownloadParts) -> None:
    """Take the word of a bot of the static link on which image it runs; moves its open update."""
    now = parts.clock.now()
    with writing(session):
        device = devices.get(session, account_id=None, device_id=device_id)
        found = linked(session, device_id=device_id)
        row = found[1] if found else None
        moved = found is not None and row is not None and _hear(session, found[0], row, running_digest, now)
        device.image_digest = running_digest
        device.last_seen_at = now
        device.revision += 1
    if moved and row is not None:
        publish(session, [row.id], events=parts.events)
    devices.publish(session, [device], events=parts.events, now=now)


def _hear(session: Session, release: Release, row: Update, running_digest: str, now: datetime) -> bool:
    if row.state not in OPEN_STATES:
        return False
    event = updates.decide_by_digest(
        row.state, target_digest=release.image_digest, running_digest=running_digest
    )
    if event is UpdateEvent.CONFIRM:
        return move(session, update_id=row.id, event=event, now=now, bytes_done=release.size_bytes)
    if event is UpdateEvent.ROLL_BACK:
        return move(session, update_id=row.id, event=event, now=now, error=updates.ROLLED_BACK_WORDS)
    return False


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
        raise Conflict("update_closed", f"This update has ended: it is {row.state}.", {"state": row.state})
    return row, release


def _take(session: Session, update_id: str, said: Report, size_bytes: int, now: datetime) -> bool:
    done = min(said.bytes_done, size_bytes)
    if said.state is ReportState.FAILED:
        error = updates.words_of_error(said.error)
        return move(session, update_id=update_id, event=UpdateEvent.FAIL, now=now, error=error)
    if said.state is ReportState.DOWNLOADING:
        if _move_once(session, update_id, UpdateEvent.DOWNLOAD, now, bytes_done=done):
            return True
        return _store_progress(session, update_id, done, now)
    event = updates.event_of_report(said.state)
    return _move_once(session, update_id, event, now, bytes_done=size_bytes)


def _move_once(
    session: Session, update_id: str, event: UpdateEvent, now: datetime, *, bytes_done: int
) -> bool:
    """Apply a step unless the update has made it already."""
    unmade = Update.state != updates.target_of(event)
    return move(session, update_id=update_id, event=event, now=now, only_if=unmade, bytes_done=bytes_done)


def _store_progress(session: Session, update_id: str, bytes_done: int, now: datetime) -> bool:
    deadline = updates.deadline_after(UpdateState.DOWNLOADING)
    statement = (
        update(Update)
        .where(
            Update.id == update_id,
            Update.state == UpdateState.DOWNLOADING,
            Update.bytes_done < bytes_done,
        )
        .values(
            bytes_done=bytes_done,
            changed_at=now,
            deadline_at=now + deadline if deadline else None,
            revision=Update.revision + 1,
        )
    )
    return session.connection().execute(statement).rowcount == 1


def _state(session: Session, update_id: str) -> UpdateState:
    return UpdateState(
        session.connection().execute(select(Update.state).where(Update.id == update_id)).scalar_one()
    )
