"""Updates: send, cancel, list, and time-outs of silent bots."""

from collections.abc import Callable
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
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.errors import Forbidden, IllegalTransition, NotFound
from app.kernel.transaction import writing
from app.updates import releases, rules
from app.updates.rules import UpdateEvent
from app.updates.tables import Release, Update
from app.updates.transitions import Transition, arm, publish, transition

_LISTED = 20
# Maximum updates that one run times out; the next run goes on.
_EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What sending made.

    Attributes:
        already_running: the bot reported in its last check-in that it runs this very image; the update
            is confirmed when it calls next.
    """

    update: Update
    release: Release
    already_running: bool


class Updates:
    """Updates of bots."""

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        artifacts: ArtifactStore,
        events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._artifacts = artifacts
        self._events = events
        self._clock = clock

    def send(self, actor: Actor, device_id: str, *, build_id: str) -> Sent:
        """Arm an update of one bot to one build; an open update of the bot is superseded.

        Raises:
            NotFound: no such device or build of this account, or its image is gone.
            Forbidden: the device may not take part.
            Conflict: the build did not succeed, or its image was changed on the disk.
            Invalid: the bot could not boot the image.
        """
        session, now = self._sessions(), self._clock.now()
        build = releases.find_build(session, account_id=actor.account_id, build_id=build_id)
        target = _sendable(devices.get(session, account_id=actor.account_id, device_id=device_id))
        image = releases.check_for(target, build, artifacts=self._artifacts)
        with writing(session):
            device = _sendable(devices.lock(session, account_id=actor.account_id, device_id=device_id))
            release = releases.of_build(session, build=build, image=image, now=now)
            superseded = _supersede(session, device_id, now)
            update, armed = arm(session, device, release, now=now)
            device.sent_release_id = release.id
            audit.note(session, actor, "update.send", device_id, at=now)
        publish(session, [*superseded, armed], events=self._events)
        already_running = device.image_digest == release.image_digest
        return Sent(update=update, release=release, already_running=already_running)

    def cancel(self, actor: Actor, update_id: str) -> tuple[Update, Release]:
        """Cancel an update before the bot has started to download it.

        Raises:
            NotFound: no such update of this account.
            Conflict: the download has started, or the update has ended.
        """
        session, now = self._sessions(), self._clock.now()
        with writing(session):
            row, _ = _find(session, actor, update_id)
            cancelled = transition(session, update_id, UpdateEvent.CANCEL, now=now)
            if cancelled is None:
                raise IllegalTransition("update", row.state, UpdateEvent.CANCEL)
            audit.note(session, actor, "update.cancel", row.device_id, at=now)
        publish(session, [cancelled], events=self._events)
        return _find(session, actor, update_id)

    def list_updates(self, actor: Actor, device_id: str) -> list[tuple[Update, Release]]:
        """The latest updates of a device with their releases, the latest first.

        Raises:
            NotFound: no such device that the actor may see.
        """
        session = self._sessions()
        devices.get(session, account_id=actor.scope, device_id=device_id)
        query = (
            select(Update, Release)
            .join(Release, Release.id == Update.release_id)
            .where(Update.device_id == device_id)
            .order_by(Update.created_at.desc(), Update.id)
            .limit(_LISTED)
        )
        return [(row[0], row[1]) for row in session.execute(query)]

    def expire(self) -> int:
        """Time out every update whose bot has been silent for too long.

        Returns:
            How many updates ended.
        """
        session, now = self._sessions(), self._clock.now()
        overdue = (
            select(Update.id, Update.state)
            .where(Update.deadline_at < now)
            .order_by(Update.deadline_at, Update.id)
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
                    error=rules.error_of_time_out(row.state),
                )
                for row in session.execute(overdue).all()
            ]
        expired = [one for one in ended if one is not None]
        publish(session, expired, events=self._events)
        return len(expired)


def _find(session: Session, actor: Actor, update_id: str) -> tuple[Update, Release]:
    """One update of the actor's own device, with its release."""
    query = (
        select(Update, Release)
        .join(Release, Release.id == Update.release_id)
        .join(Device, Device.id == Update.device_id)
        .where(Update.id == update_id, Device.account_id == actor.account_id)
    )
    found = session.execute(query, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound("no_such_update", "There is no such update.")
    return found[0], found[1]


def _sendable(device: Device) -> Device:
    if device.admission is not Admission.ACCEPTED:
        raise Forbidden(
            "not_accepted",
            "This bot's access has been revoked, so it cannot be updated. Contact a maintainer.",
            {"admission": device.admission},
        )
    return device


def _supersede(session: Session, device_id: str, now: datetime) -> list[Transition]:
    sources = rules.sources_of(UpdateEvent.SUPERSEDE)
    query = select(Update.id).where(Update.device_id == device_id, Update.state.in_(sources))
    ids = session.connection().scalars(query).all()
    moved = (transition(session, update_id, UpdateEvent.SUPERSEDE, now=now) for update_id in ids)
    return [one for one in moved if one is not None]
