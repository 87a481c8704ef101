"""Check-ins, stored and answered.

Nearly every call changes nothing but facts; one guarded statement stores them. Whatever else changes does
so under the write lock.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from app.builds.artifact_store import ArtifactStore
from app.devices import service as devices
from app.devices.payload import of_device
from app.devices.rules import CheckInReport
from app.devices.tables import Device
from app.events.names import EventName
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.updates import previous_firmware
from app.updates.check_in import decide, statements
from app.updates.check_in.decide import Plan
from app.updates.check_in.response import CheckInResponse, NetworkSettings, Offer
from app.updates.check_in.statements import CheckInRow
from app.updates.rules import InferredError, UpdateError, UpdateEvent, printable
from app.updates.transitions import Transition, publish_updates, transition


class CheckIns:
    """The check-ins of bots.

    Args:
        batched_events: for events that change no state; they may come a moment later, several at once.
    """

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        artifacts: ArtifactStore,
        secrets: SecretBox,
        events: EventPublisher,
        batched_events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._artifacts = artifacts
        self._secrets = secrets
        self._events = events
        self._batched_events = batched_events
        self._clock = clock

    def check_in(
        self, connection: Connection, row: CheckInRow, report: CheckInReport, *, counter: str
    ) -> CheckInResponse:
        """Store a bot's report, move its open update, and return what the bot should do.

        Args:
            connection: one that begins no transaction for a read. A session costs more than all a quiet
                check-in does, so only one that moves something takes one.
            row: what `statements.load` has just found of the bot.
            counter: the counter of the signed call, 16 hex digits; used up by this call.
        Raises:
            Conflict: the counter was used before; nothing is stored.
        """
        now = self._clock.now()
        plan = _plan(connection, row, report, now)
        previous = None
        if plan.is_quiet:
            stored = _store(connection, plan, counter, now)
            connection.commit()
        else:
            connection.commit()
            plan, stored, previous = self._move(row.device_id, report, counter, now)
        if plan.is_published or previous:
            # The row of a Core statement has the same attributes as the mapped object.
            body = of_device(cast(Device, stored))
            events = self._batched_events if plan.is_quiet else self._events
            events.publish(EventName.DEVICE_CHANGED, devices.rooms_of(stored.account_id), dict(body))
        return CheckInResponse(
            poll_after_s=plan.row.poll_after_s,
            offer=_offer(plan.row) if plan.decision.offer else previous,
            network=self._network(plan.row, report),
            log=None if plan.row.wants_log == report.log else plan.row.wants_log,
        )

    def _move(
        self, device_id: str, report: CheckInReport, counter: str, now: datetime
    ) -> tuple[Plan, Row[Any], Offer | None]:
        """Do under the write lock whatever goes beyond storing facts."""
        session = self._sessions()
        with writing(session):
            connection = session.connection()
            # What was read before the lock may be old by now.
            row = cast(CheckInRow, statements.load(connection, device_id=device_id, lock=True))
            plan = _plan(connection, row, report, now)
            moved = _apply(session, plan, report, now)
            previous = self._offer_previous(session, plan, report, now)
            # Last, so that what it returns holds the device's new update status.
            stored = _store(connection, plan, counter, now)
        changed = [moved.update_id] if moved else []
        publish_updates(session, [*changed, previous.update_id] if previous else changed, events=self._events)
        return plan, stored, previous

    def _offer_previous(
        self, session: Session, plan: Plan, report: CheckInReport, now: datetime
    ) -> Offer | None:
        if not report.wants_rollback or not plan.leaves_no_open_update:
            return None
        return previous_firmware.offer(
            session,
            device_id=plan.row.device_id,
            report=report,
            chip=plan.chip,
            artifacts=self._artifacts,
            now=now,
        )

    def _network(self, row: CheckInRow, report: CheckInReport) -> NetworkSettings | None:
        # A bot tries what failed again by itself, after its restart or when a person presses its button.
        settled_revision = max(report.network_revision, report.network_failed_revision)
        if row.wifi_sealed is None or settled_revision >= row.network_revision:
            return None
        wifi = devices.open_network(row.wifi_sealed, device_id=row.device_id, secrets=self._secrets)
        return NetworkSettings(revision=row.network_revision, wifi=wifi)


def _plan(connection: Connection, row: CheckInRow, report: CheckInReport, now: datetime) -> Plan:
    is_same_board = report.board == row.board and row.chip
    chip = row.chip if is_same_board else statements.chip_of(connection, report.board)
    return decide.plan(row, report, chip=chip, now=now)


def _store(connection: Connection, plan: Plan, counter: str, now: datetime) -> Row[Any]:
    return statements.store(
        connection,
        device_id=plan.row.device_id,
        counter=counter,
        now=now,
        chip=plan.chip,
        facts=plan.facts,
        is_published=plan.is_published,
    )


def _apply(session: Session, plan: Plan, report: CheckInReport, now: datetime) -> Transition | None:
    update_id, event = plan.row.update_id, plan.decision.event
    if event is UpdateEvent.OFFER:
        return transition(
            session, update_id, event, now=now, trigger=report.trigger, offered_at=now, bytes_done=0
        )
    if event is UpdateEvent.CONFIRM:
        return transition(session, update_id, event, now=now, bytes_done=plan.row.size_bytes)
    if event is UpdateEvent.ROLL_BACK:
        reason = printable(report.reset_reason)
        return transition(session, update_id, event, now=now, error=InferredError.ROLLED_BACK, detail=reason)
    if event is UpdateEvent.REFUSE:
        board = printable(report.board)
        return transition(session, update_id, event, now=now, error=UpdateError.WRONG_BOARD, detail=board)
    return None


def _offer(row: CheckInRow) -> Offer:
    return Offer(
        update_id=row.update_id,
        release=row.release_name,
        version=row.release_version,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
    )
