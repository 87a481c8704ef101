"""The one place where updates are created and change state, together with their device's update status.

Every function is part of the caller's write transaction; publish what it returns with `publish` after the
commit. Code that locks both a device and its update locks the device first.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.devices import service as devices
from app.devices.rules import UpdateStatus
from app.devices.tables import Device
from app.events.names import EventName
from app.events.publisher import EventPublisher
from app.updates import rules
from app.updates.payload import of_update
from app.updates.rules import END_STATES, WITHDRAWN_STATES, ErrorCode, UpdateEvent, UpdateId, UpdateState
from app.updates.tables import Release, Update

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What to publish after the commit.

    Attributes:
        state: the state the update moved to; None if only its progress changed.
        moves_device: the device's update status changed with it.
    """

    update_id: str
    device_id: str
    state: UpdateState | None
    moves_device: bool


def arm(
    session: Session, device: Device, release: Release, *, now: datetime, rollback_requested: bool = False
) -> tuple[Update, Transition]:
    """Make an update of a device that has no open one.

    Args:
        rollback_requested: somebody at the bot asked for it; its owner did not send it.
    """
    row = Update(
        id=UpdateId(uuid4().hex),
        device_id=device.id,
        release_id=release.id,
        state=UpdateState.ARMED,
        bytes_done=0,
        error_code=None,
        error_detail="",
        trigger=None,
        rollback_requested=rollback_requested,
        previous_digest=device.image_digest,
        created_at=now,
        offered_at=None,
        changed_at=now,
        deadline_at=None,
        ended_at=None,
        revision=1,
    )
    session.add(row)
    session.flush()
    _set_status(session, device.id, UpdateStatus.PENDING)
    return row, Transition(update_id=row.id, device_id=device.id, state=UpdateState.ARMED, moves_device=True)


def transition(
    session: Session,
    update_id: str,
    event: UpdateEvent,
    *,
    now: datetime,
    only_if: ColumnElement[bool] | None = None,
    error: ErrorCode | None = None,
    detail: str = "",
    **facts: object,
) -> Transition | None:
    """Apply an event by compare-and-set, and what follows from it for the device.

    Args:
        only_if: a further condition on the update's row.
        error: why it failed, with the bot's own detail.
        facts: columns to set with the new state.
    Returns:
        None if the event is not legal in the state the update has now; nothing is changed then.
    """
    state = rules.target_of(event)
    values = {**_moved_to(state, now), **facts}
    if error is not None:
        values |= {"error_code": error, "error_detail": detail}
    ends = state in END_STATES
    if ends:
        _lock_device(session, update_id)
    guards = [Update.id == update_id, Update.state.in_(rules.sources_of(event))]
    if only_if is not None:
        guards.append(only_if)
    statement = update(Update).where(*guards).values(values).returning(Update.device_id)
    device_id = session.connection().execute(statement).scalar()
    if device_id is None:
        return None
    if ends:
        latest = _latest_state(session, device_id) if state in WITHDRAWN_STATES else state
        _set_status(session, device_id, rules.status_of(latest))
    return Transition(update_id=update_id, device_id=device_id, state=state, moves_device=ends)


def _moved_to(state: UpdateState, now: datetime) -> dict[str, Any]:
    """The columns that every move sets."""
    deadline = rules.deadline_after(state)
    return {
        "state": state,
        "changed_at": now,
        "deadline_at": now + deadline if deadline else None,
        "ended_at": now if state in END_STATES else None,
        "revision": Update.revision + 1,
    }


def store_progress(session: Session, update_id: str, bytes_done: int, *, now: datetime) -> Transition | None:
    """Store how many bytes a bot has; None if it had them before or does not download."""
    deadline = rules.deadline_after(UpdateState.DOWNLOADING)
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
        .returning(Update.device_id)
    )
    device_id = session.connection().execute(statement).scalar()
    if device_id is None:
        return None
    return Transition(update_id=update_id, device_id=device_id, state=None, moves_device=False)


def publish(session: Session, transitions: Iterable[Transition], *, events: EventPublisher) -> None:
    """Publish updates and their devices to owners and maintainers."""
    changed = list(transitions)
    for one in changed:
        if one.state is not None:
            logger.info(
                "update_moved",
                extra={"update_id": one.update_id, "device_id": one.device_id, "state": one.state},
            )
    publish_updates(session, [one.update_id for one in changed], events=events)
    moved = dict.fromkeys(one.device_id for one in changed if one.moves_device)
    rows = [devices.get(session, account_id=None, device_id=device_id) for device_id in moved]
    devices.publish(rows, events=events)


def publish_updates(session: Session, update_ids: Iterable[str], *, events: EventPublisher) -> None:
    """Publish updates to owners and maintainers."""
    wanted = list(update_ids)
    if not wanted:
        return
    query = (
        select(Update, Release, Device.account_id)
        .join(Release, Release.id == Update.release_id)
        .join(Device, Device.id == Update.device_id)
        .where(Update.id.in_(wanted))
    )
    for row, release, account_id in session.execute(query, execution_options={"populate_existing": True}):
        events.publish(EventName.UPDATE_CHANGED, devices.rooms_of(account_id), dict(of_update(row, release)))


def _lock_device(session: Session, update_id: str) -> None:
    query = (
        select(Device.id)
        .join(Update, Update.device_id == Device.id)
        .where(Update.id == update_id)
        .with_for_update(of=Device)
    )
    session.connection().execute(query)


def _set_status(session: Session, device_id: str, status: UpdateStatus) -> None:
    statement = (
        update(Device)
        .where(Device.id == device_id)
        .values(update_status=status, revision=Device.revision + 1)
    )
    session.connection().execute(statement)


def _latest_state(session: Session, device_id: str) -> UpdateState | None:
    """State of the latest update of a device that was not withdrawn."""
    query = (
        select(Update.state)
        .where(Update.device_id == device_id, Update.state.not_in(WITHDRAWN_STATES))
        .order_by(Update.created_at.desc(), Update.id)
        .limit(1)
    )
    return session.connection().execute(query).scalar()
