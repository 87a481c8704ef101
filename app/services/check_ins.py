"""Check-ins: one call of a bot says everything and is told everything.

Every bot does this every minute, so the statements are Core, made once, and all writing is one
transaction whose cost does not depend on how many devices or updates there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, bindparam, literal_column, select, update
from sqlalchemy.orm import Session

from app.domain import updates
from app.domain.boards import Fqbn
from app.domain.devices import CheckIn, WifiSettings, Wish, connectivity, failed_network
from app.domain.events import EventName
from app.domain.releases import fits
from app.domain.updates import END_STATES, OPEN_STATES, OpenUpdate, UpdateEvent, UpdateState
from app.models import BoardRow, Device, Release, Update
from app.payloads import of_device
from app.ports import ArtifactStore, Clock, EventPublisher, SecretBox
from app.services import devices, former_images
from app.services.transaction import writing
from app.services.updates import move, publish

# While nothing but the time of the last call changes, pages hear of it once in so many seconds.
_NEWS_INTERVAL_S = 5

_FACTS = (
    "board",
    "image_digest",
    "version",
    "slot",
    "boot",
    "reset_reason",
    "uptime_s",
    "free_heap_bytes",
    "rssi_dbm",
)
# Facts whose columns have other names, or that follow from what was known before.
_FOUND = ("network_revision_used", "network_failed_revision", "network_trouble", "sends_log")
# What a page shows of these changes seldom; the others change at every call.
_SELDOM = ("board", "image_digest", "version", "slot", "boot", "reset_reason", *_FOUND)

# Written out, not bound: only so can the database see that the index of open updates serves.
_OPEN: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in sorted(OPEN_STATES)]
_KNOWN = (
    select(
        *(getattr(Device, name) for name in _SELDOM),
        Device.chip,
        Device.last_seen_at,
        Device.poll_after_s,
        Device.network_revision,
        Device.wifi_sealed,
        Device.wants_log,
        Update.id.label("update_id"),
        Update.state.label("update_state"),
        Release.name.label("release_name"),
        Release.version.label("release_version"),
        Release.fqbn.label("release_fqbn"),
        Release.chip.label("release_chip"),
        Release.size_bytes,
        Release.sha256,
        Release.image_digest.label("target_digest"),
        devices.latest_state_of(Device.id).label("latest_state"),
    )
    .select_from(Device)
    .outerjoin(Update, and_(Update.device_id == Device.id, Update.state.in_(_OPEN)))
    .outerjoin(Release, Release.id == Update.release_id)
    .where(Device.id == bindparam("device_id"))
)
_STORE = (
    update(Device)
    .where(Device.id == bindparam("device_id"), Device.counter < bindparam("seen"))
    .values(
        counter=bindparam("seen"),
        last_seen_at=bindparam("now"),
        chip=bindparam("new_chip"),
        revision=Device.revision + bindparam("news"),
        **{name: bindparam(f"new_{name}") for name in (*_FACTS, *_FOUND)},
    )
    .returning(*Device.__table__.columns)
)
# The columns of `_KNOWN` are more than a type can name.
_Known = Row[*tuple[Any, ...]]
_CHIP = select(BoardRow.chip).where(BoardRow.fqbn == bindparam("fqbn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The release a bot shall fetch; `sha256` is of the whole file, in lower-case hex."""

    update_id: str
    release: str
    version: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOrder:
    """The network a bot shall use from now on."""

    revision: int
    wifi: WifiSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """All that a bot is told.

    Attributes:
        poll_after_s: the time to its next check-in in seconds.
        log: whether it shall send what its sketch prints; None if all is as it should be.
    """

    poll_after_s: int
    offer: Offer | None
    network: NetworkOrder | None
    log: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInParts:
    """The outside parts that a check-in needs."""

    artifacts: ArtifactStore
    secrets: SecretBox
    events: EventPublisher
    clock: Clock


def check_in(session: Session, *, device_id: str, counter: str, said: CheckIn, parts: CheckInParts) -> Orders:
    """Store what a bot says, move its open update, and tell it what to do.

    Args:
        counter: the counter of the signed call, 16 hex digits; used up by this call.
    Raises:
        Conflict: the counter was used before; nothing is stored.
    """
    now = parts.clock.now()
    with writing(session):
        connection = session.connection()
        known = connection.execute(_KNOWN, {"device_id": device_id}).one()
        chip = known.chip if said.board == known.board and known.chip else _chip(session, said.board)
        decision = _decide(known, said, chip)
        facts = _facts(known, said)
        is_news = decision.event is not None or _is_news(known, facts, now)
        stored = connection.execute(_STORE, _values(device_id, counter, facts, chip, is_news, now)).first()
        if stored is None:
            raise devices.replayed()
        if decision.event is not None:
            _apply(session, known, decision.event, said, now)
        wishes = said.wish is Wish.FORMER and _is_free(known, decision)
        former = _offer_former(session, device_id, said, chip, parts) if wishes else None
    moved = [known.update_id] if decision.event else []
    publish(session, [*moved, former.update_id] if former else moved, events=parts.events)
    if is_news or former:
        # The row of a Core statement has the same attributes as the mapped object.
        body = of_device(cast(Device, stored), latest=_latest(known, decision, former), now=now)
        parts.events.publish(EventName.DEVICE_CHANGED, devices.rooms_of(stored.account_id), dict(body))
    return Orders(
        poll_after_s=known.poll_after_s,
        offer=_offer(known) if decision.offer else former,
        network=_network(known, device_id, said, parts.secrets),
        log=None if known.wants_log == said.log else known.wants_log,
    )


def _chip(session: Session, board: str) -> str:
    """The chip of a board as this server's toolchain knows it; empty if it does not."""
    fqbn = ":".join(board.split(":", 3)[:3])
    return session.connection().execute(_CHIP, {"fqbn": fqbn}).scalar() or ""


def _decide(known: _Known, said: CheckIn, chip: str) -> updates.Decision:
    if known.update_id is None:
        return updates.Decision(event=None, offer=False)
    fit = fits(chip=known.release_chip, fqbn=Fqbn(known.release_fqbn), bot_chip=chip, bot_board=said.board)
    opened = OpenUpdate(state=known.update_state, target_digest=known.target_digest, fits=fit)
    return updates.decide(opened, said)


def _facts(known: _Known, said: CheckIn) -> dict[str, object]:
    """What is stored of a check-in, by column."""
    failed_revision, trouble = failed_network(
        said, failed_revision=known.network_failed_revision, trouble=known.network_trouble
    )
    return {
        **{name: getattr(said, name) for name in _FACTS},
        "network_revision_used": said.network_revision,
        "network_failed_revision": failed_revision,
        "network_trouble": trouble,
        "sends_log": said.log,
    }


def _is_news(known: _Known, facts: dict[str, object], now: datetime) -> bool:
    """Whether pages should hear of a check-in that moved no update."""
    before = known.last_seen_at
    if before is None or connectivity(before, known.poll_after_s, now) != connectivity(
        now, known.poll_after_s, now
    ):
        return True
    if int(before.timestamp()) // _NEWS_INTERVAL_S != int(now.timestamp()) // _NEWS_INTERVAL_S:
        return True
    return any(facts[name] != getattr(known, name) for name in _SELDOM)


def _values(
    device_id: str, counter: str, facts: dict[str, object], chip: str, is_news: bool, now: datetime
) -> dict[str, object]:
    return {
        "device_id": device_id,
        "seen": counter,
        "now": now,
        "new_chip": chip,
        "news": int(is_news),
        **{f"new_{name}": value for name, value in facts.items()},
    }


def _is_free(known: _Known, decision: updates.Decision) -> bool:
    """Whether the bot has no open update, or none any more."""
    if known.update_id is None:
        return True
    return decision.event is not None and updates.target_of(decision.event) in END_STATES


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


def _latest(known: _Known, decision: updates.Decision, former: Offer | None) -> UpdateState | None:
    """The state of the bot's latest update after the check-in."""
    if former is not None:
        return UpdateState.OFFERED
    before: UpdateState | None = known.latest_state
    return updates.target_of(decision.event) if decision.event else before


def _apply(session: Session, known: _Known, event: UpdateEvent, said: CheckIn, now: datetime) -> None:
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


def _offer(known: _Known) -> Offer:
    return Offer(
        update_id=known.update_id,
        release=known.release_name,
        version=known.release_version,
        size_bytes=known.size_bytes,
        sha256=known.sha256,
    )


def _network(known: _Known, device_id: str, said: CheckIn, secrets: SecretBox) -> NetworkOrder | None:
    # A bot tries what failed again by itself, after its restart or when a person presses its button.
    settled_revision = max(said.network_revision, said.network_failed_revision)
    if known.wifi_sealed is None or settled_revision >= known.network_revision:
        return None
    wifi = devices.open_network(known.wifi_sealed, device_id=device_id, secrets=secrets)
    return NetworkOrder(revision=known.network_revision, wifi=wifi)
