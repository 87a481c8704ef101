"""Updates as their owners command them: send, call back, look; and what becomes of silent bots."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.builds.artifact_store import ArtifactStore
from app.devices import service as devices
from app.devices.rules import Admission
from app.devices.tables import Device
from app.events.publisher import EventPublisher
from app.kernel.actor import AccountId, Actor, Role
from app.kernel.clock import Clock
from app.kernel.errors import Forbidden, IllegalTransition, NotFound
from app.kernel.transaction import writing
from app.updates import releases
from app.updates import rules as updates
from app.updates.rules import UpdateEvent
from app.updates.tables import Release, Update
from app.updates.transitions import Transition, arm, publish, transition

_LISTED = 20
# One run of the reaper ends at most so many; the next run goes on.
_EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateParts:
    """The outside parts that updating needs."""

    artifacts: ArtifactStore
    events: EventPublisher
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What sending made.

    Attributes:
        already_running: the bot said in its last check-in that it runs this very image; the update
            is confirmed when it calls next.
    """

    update: Update
    release: Release
    already_running: bool


def send(
    session: Session, *, account_id: str, device_id: str, build_id: str, address: str, parts: UpdateParts
) -> Sent:
    """Arm an update of one bot to one build; an open update of the bot is superseded.

    Args:
        address: network address of who asks, for the audit trail.
    Raises:
        NotFound: no such device or build of this account, or its image is gone.
        Forbidden: the device may not take part.
        Conflict: the build did not succeed, or its image was changed on the disk.
        Invalid: the bot could not boot the image.
    """
    build = releases.find_build(session, account_id=account_id, build_id=build_id)
    now = parts.clock.now()
    image = releases.check_for(_sendable(session, account_id, device_id), build, artifacts=parts.artifacts)
    with writing(session):
        device = _lock(session, account_id, device_id)
        release = releases.of_build(session, build=build, image=image, clock=parts.clock)
        old = _supersede(session, device_id, now)
        new, armed = arm(session, device, release, now=now)
        device.sent_release_id = release.id
        _note(session, account_id, "update.send", device_id, address, parts)
    publish(session, [*old, armed], events=parts.events, now=now)
    return Sent(update=new, release=release, already_running=device.image_digest == release.image_digest)


def cancel(
    session: Session, *, account_id: str, update_id: str, address: str, parts: UpdateParts
) -> tuple[Update, Release]:
    """Call an update back before the bot has begun to fetch it.

    Raises:
        NotFound: no such update of this account.
        Conflict: the bot has begun, or the update has ended.
    """
    now = parts.clock.now()
    with writing(session):
        row, _ = get(session, account_id=account_id, update_id=update_id)
        cancelled = transition(session, update_id, UpdateEvent.CANCEL, now=now)
        if cancelled is None:
            raise IllegalTransition("update", row.state, UpdateEvent.CANCEL)
        _note(session, account_id, "update.cancel", row.device_id, address, parts)
    publish(session, [cancelled], events=parts.events, now=now)
    return get(session, account_id=account_id, update_id=update_id)


def get(session: Session, *, account_id: str, update_id: str) -> tuple[Update, Release]:
    """One update of an owner's device, with its release.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    query = (
        select(Update, Release)
        .join(Release, Release.id == Update.release_id)
        .join(Device, Device.id == Update.device_id)
        .where(Update.id == update_id, Device.account_id == account_id)
    )
    found = session.execute(query, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound("no_such_update", "There is no such update.")
    return found[0], found[1]


def list_updates(session: Session, *, account_id: str | None, device_id: str) -> list[tuple[Update, Release]]:
    """The newest updates of a device with their releases, newest first.

    Raises:
        NotFound: no such device of this account.
    """
    devices.get(session, account_id=account_id, device_id=device_id)
    query = (
        select(Update, Release)
        .join(Release, Release.id == Update.release_id)
        .where(Update.device_id == device_id)
        .order_by(Update.created_at.desc(), Update.id)
        .limit(_LISTED)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def expire(session: Session, *, clock: Clock, events: EventPublisher) -> int:
    """End every update whose bot was silent for too long.

    Returns:
        How many updates ended.
    """
    now = clock.now()
    overdue = (
        select(Update.id, Update.state)
        .where(Update.deadline_at < now)
        .order_by(Update.deadline_at)
        .limit(_EXPIRED_AT_ONCE)
    )
    with writing(session):
        ended = [
            transition(
                session,
                row.id,
                UpdateEvent.TIME_OUT,
                now=now,
                only_if=Update.deadline_at < now,
                error=updates.error_of_time_out(row.state),
            )
            for row in session.execute(overdue).all()
        ]
    told = [one for one in ended if one is not None]
    publish(session, told, events=events, now=now)
    return len(told)


def _sendable(session: Session, account_id: str, device_id: str) -> Device:
    device = devices.get(session, account_id=account_id, device_id=device_id)
    if device.admission is not Admission.ACCEPTED:
        raise Forbidden(
            "not_accepted",
            "This bot may not take updates. Ask a maintainer.",
            {"admission": device.admission},
        )
    return device


def _lock(session: Session, account_id: str, device_id: str) -> Device:
    """The device, held so that two senders wait for each other (SQLite's transaction does already)."""
    session.connection().execute(select(Device.id).where(Device.id == device_id).with_for_update())
    return _sendable(session, account_id, device_id)


def _supersede(session: Session, device_id: str, now: datetime) -> list[Transition]:
    sources = updates.sources_of(UpdateEvent.SUPERSEDE)
    query = select(Update.id).where(Update.device_id == device_id, Update.state.in_(sources))
    ids = session.connection().scalars(query).all()
    moved = (transition(session, update_id, UpdateEvent.SUPERSEDE, now=now) for update_id in ids)
    return [one for one in moved if one is not None]


def _note(
    session: Session, account_id: str, action: str, device_id: str, address: str, parts: UpdateParts
) -> None:
    audit.note(
        session,
        Actor(account_id=AccountId(account_id), role=Role.OWNER, address=address),
        action,
        device_id,
        at=parts.clock.now(),
    )
