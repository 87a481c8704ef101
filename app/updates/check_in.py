"""Check-ins: one call of a bot says everything and is told everything.

Nearly every call changes nothing but facts; one guarded statement stores them. Whatever else changes does
so under the write lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from app.builds.artifact_store import ArtifactStore
from app.devices import service as devices
from app.devices.payload import of_device
from app.devices.rules import CheckIn, NetworkOrder, Offer, Orders, Wish, connectivity, failed_network
from app.devices.tables import Device
from app.events.names import EventName
from app.events.publisher import EventPublisher
from app.kernel.clock import Clock
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.toolchain.rules import Fqbn
from app.updates import check_in_statements as check_in_rows
from app.updates import previous_firmware as former_images
from app.updates import rules as updates
from app.updates.check_in_statements import SAID, SELDOM, Known
from app.updates.release_rules import fits
from app.updates.rules import END_STATES, OpenUpdate, UpdateEvent, UpdateState
from app.updates.service import move, publish

# While nothing but the time of the last call changes, pages hear of it once in so many seconds.
_NEWS_INTERVAL_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInParts:
    """The outside parts that a check-in needs."""

    artifacts: ArtifactStore
    secrets: SecretBox
    events: EventPublisher
    quiet_events: EventPublisher
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a check-in changes.

    Attributes:
        facts: what is stored of it, by column.
        is_quiet: it changes nothing but the facts, which one guarded statement stores.
        is_news: pages shall hear of it.
    """

    known: Known
    chip: str
    decision: updates.Decision
    facts: dict[str, object]
    is_quiet: bool
    is_news: bool


def check_in(
    connection: Connection,
    *,
    sessions: Callable[[], Session],
    device_id: str,
    known: Known,
    counter: str,
    said: CheckIn,
    parts: CheckInParts,
) -> Orders:
    """Store what a bot says, move its open update, and tell it what to do.

    Args:
        connection: one that begins no transaction for a read. A session costs more than all a quiet
            check-in does, so only one that moves something takes one.
        known: what `check_in_rows.look` has just found of the bot.
        counter: the counter of the signed call, 16 hex digits; used up by this call.
    Raises:
        Conflict: the counter was used before; nothing is stored.
    """
    now = parts.clock.now()
    plan = _plan(connection, known, said, now)
    former = None
    if plan.is_quiet:
        stored = _store(connection, device_id, counter, plan, now)
        connection.commit()
    else:
        connection.commit()
        plan, stored, former = _move(sessions(), device_id, counter, said, parts, now)
    if plan.is_news or former:
        # The row of a Core statement has the same attributes as the mapped object.
        body = of_device(cast(Device, stored), latest=_latest(plan, former), now=now)
        events = parts.quiet_events if plan.is_quiet else parts.events
        events.publish(EventName.DEVICE_CHANGED, devices.rooms_of(stored.account_id), dict(body))
    return Orders(
        poll_after_s=plan.known.poll_after_s,
        offer=_offer(plan.known) if plan.decision.offer else former,
        network=_network(plan.known, device_id, said, parts.secrets),
        log=None if plan.known.wants_log == said.log else plan.known.wants_log,
    )


def _move(
    session: Session, device_id: str, counter: str, said: CheckIn, parts: CheckInParts, now: datetime
) -> tuple[_Plan, Row[Any], Offer | None]:
    """Do under the write lock what is more than storing facts."""
    former = None
    with writing(session):
        connection = session.connection()
        # What was read before the lock may be old by now.
        known = cast(Known, check_in_rows.look(connection, device_id=device_id))
        plan = _plan(connection, known, said, now)
        stored = _store(connection, device_id, counter, plan, now)
        if plan.decision.event is not None:
            _apply(session, known, plan.decision.event, said, now)
        if said.wish is Wish.FORMER and _is_free(plan):
            former = _offer_former(session, device_id, said, plan.chip, parts)
    moved = [known.update_id] if plan.decision.event else []
    publish(session, [*moved, former.update_id] if former else moved, events=parts.events)
    return plan, stored, former


def _plan(connection: Connection, known: Known, said: CheckIn, now: datetime) -> _Plan:
    is_same_board = said.board == known.board and known.chip
    chip = known.chip if is_same_board else check_in_rows.chip_of(connection, said.board)
    decision = _decide(known, said, chip)
    facts = _facts(known, said)
    return _Plan(
        known=known,
        chip=chip,
        decision=decision,
        facts=facts,
        is_quiet=decision.event is None and said.wish is None,
        is_news=decision.event is not None or _is_news(known, facts, now),
    )


def _store(connection: Connection, device_id: str, counter: str, plan: _Plan, now: datetime) -> Row[Any]:
    return check_in_rows.store(
        connection,
        device_id=device_id,
        counter=counter,
        now=now,
        chip=plan.chip,
        facts=plan.facts,
        is_news=plan.is_news,
    )


def _decide(known: Known, said: CheckIn, chip: str) -> updates.Decision:
    if known.update_id is None:
        return updates.Decision(event=None, offer=False)
    fit = fits(chip=known.release_chip, fqbn=Fqbn(known.release_fqbn), bot_chip=chip, bot_board=said.board)
    opened = OpenUpdate(state=known.update_state, target_digest=known.target_digest, fits=fit)
    return updates.decide(opened, said)


def _facts(known: Known, said: CheckIn) -> dict[str, object]:
    """What is stored of a check-in, by column."""
    failed_revision, trouble = failed_network(
        said, failed_revision=known.network_failed_revision, trouble=known.network_trouble
    )
    return {
        **{name: getattr(said, name) for name in SAID},
        "network_revision_used": said.network_revision,
        "network_failed_revision": failed_revision,
        "network_trouble": trouble,
        "sends_log": said.log,
    }


def _is_news(known: Known, facts: dict[str, object], now: datetime) -> bool:
    """Whether pages should hear of a check-in that moved no update."""
    before = known.last_seen_at
    if before is None or connectivity(before, known.poll_after_s, now) != connectivity(
        now, known.poll_after_s, now
    ):
        return True
    if int(before.timestamp()) // _NEWS_INTERVAL_S != int(now.timestamp()) // _NEWS_INTERVAL_S:
        return True
    return any(facts[name] != getattr(known, name) for name in SELDOM)


def _is_free(plan: _Plan) -> bool:
    """Whether the bot has no open update, or none any more."""
    if plan.known.update_id is None:
        return True
    event = plan.decision.event
    return event is not None and updates.target_of(event) in END_STATES


def _offer_former(
    session: Session, device_id: str, said: CheckIn, chip: str, parts: CheckInParts
) -> Offer | None:
    found = former_images.offer(
        session, device_id=device_id, said=said, chip=chip, artifacts=parts.artifacts, now=parts.clock.now()
    )
    if found is None:
        return None
    update_id, release = found
    return Offer(
        update_id=update_id,
        release=release.name,
        version=release.version,
        size_bytes=release.size_bytes,
        sha256=release.sha256,
    )


def _latest(plan: _Plan, former: Offer | None) -> UpdateState | None:
    """The state of the bot's latest update after the check-in."""
    if former is not None:
        return UpdateState.OFFERED
    before: UpdateState | None = plan.known.latest_state
    return updates.target_of(plan.decision.event) if plan.decision.event else before


def _apply(session: Session, known: Known, event: UpdateEvent, said: CheckIn, now: datetime) -> None:
    facts: dict[str, object] = {}
    if event is UpdateEvent.OFFER:
        facts = {"trigger": said.trigger, "offered_at": now, "bytes_done": 0}
    elif event is UpdateEvent.CONFIRM:
        facts["bytes_done"] = known.size_bytes
    elif event is UpdateEvent.ROLL_BACK:
        facts["error"] = updates.ROLLED_BACK_WORDS
    elif event is UpdateEvent.REFUSE:
        facts["error"] = updates.INCOMPATIBLE_WORDS
    move(session, update_id=known.update_id, event=event, now=now, **facts)


def _offer(known: Known) -> Offer:
    return Offer(
        update_id=known.update_id,
        release=known.release_name,
        version=known.release_version,
        size_bytes=known.size_bytes,
        sha256=known.sha256,
    )


def _network(known: Known, device_id: str, said: CheckIn, secrets: SecretBox) -> NetworkOrder | None:
    # A bot tries what failed again by itself, after its restart or when a person presses its button.
    settled_revision = max(said.network_revision, said.network_failed_revision)
    if known.wifi_sealed is None or settled_revision >= known.network_revision:
        return None
    wifi = devices.open_network(known.wifi_sealed, device_id=device_id, secrets=secrets)
    return NetworkOrder(revision=known.network_revision, wifi=wifi)
