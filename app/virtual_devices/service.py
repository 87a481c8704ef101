"""Virtual bots: devices that run in their owner's browser, which therefore gets their key."""

import secrets as randomness
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.service import lock_account
from app.audit import service as audit
from app.builds.rules import BuildState
from app.builds.tables import Build
from app.devices import service as devices
from app.devices.claims import check_limit
from app.devices.keys import waits_in_file
from app.devices.provisioning import is_taken, new_device, renew_key
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.events.publisher import EventPublisher
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.errors import Conflict
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.toolchain.rules import VIRTUAL_CHIP
from app.virtual_devices.rules import Origin, parse_origins
from app.virtual_devices.tables import VirtualBot

MAX_IMAGES = 20
# Without 0/O and 1/l/I: people read the name aloud.
_NAME_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_NAME_CHARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A virtual bot and its key, for the browser that will hold it."""

    device: Device
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualImage:
    """A finished build that a virtual bot can be flashed with."""

    build_id: str
    sketch_id: str
    sketch_name: str
    image_bytes: int
    finished_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of a virtual bot.

    Attributes:
        is_taken: some browser was given its key.
        allowed_origins: other servers that its sketches may contact, as the owner listed them.
    """

    is_taken: bool
    allowed_origins: tuple[Origin, ...]


def may_run_in_page(device: Device) -> bool:
    """Whether a bot is virtual or may become so: no physical bot uses its id, or may be about to."""
    return device.is_virtual or (device.last_seen_at is None and not waits_in_file(device))


class VirtualDevices:
    """Bots that run in the browser of their owner."""

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        secrets: SecretBox,
        events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._secrets = secrets
        self._events = events
        self._clock = clock

    def create(self, actor: Actor) -> Handover:
        """Create a virtual bot for an account.

        Raises:
            LimitExceeded: the account has too many bots.
            Conflict: no free name was found.
        """
        session = self._sessions()
        name = _free_name(session)
        now = self._clock.now()
        device = new_device(
            product_id=name,
            account_id=actor.account_id,
            secrets=self._secrets,
            now=now,
        )
        device.is_virtual = True
        key = renew_key(device, secrets=self._secrets)
        try:
            with writing(session):
                lock_account(session, actor.account_id)
                check_limit(session, actor.account_id)
                session.add(device)
                audit.note(session, actor, "device.make_virtual", name, at=now)
        except IntegrityError:
            raise _no_name() from None
        devices.publish([device], events=self._events)
        return Handover(device=device, key=key)

    def make_virtual(self, actor: Actor, device_id: DeviceId) -> None:
        """Make a bot that never called virtual; it runs in the first browser of its owner that opens it.

        Raises:
            NotFound: no such device of this account.
            Conflict: it is a real bot.
        """
        session = self._sessions()
        with writing(session):
            _virtual(session, actor, device_id)
            _row(session, device_id).is_taken = False

    def hand_over(self, actor: Actor, device_id: DeviceId) -> Handover:
        """Give a virtual bot a new key, so that only the requesting browser can act as the bot.

        A bot that never called becomes a virtual one.

        Raises:
            NotFound: no such device of this account.
            Conflict: it is a real bot, which could not sign its calls any more.
        """
        session = self._sessions()
        now = self._clock.now()
        with writing(session):
            device = _virtual(session, actor, device_id)
            key = renew_key(device, secrets=self._secrets)
            _row(session, device_id).is_taken = True
            audit.note(session, actor, "device.new_key", device_id, at=now)
        devices.publish([device], events=self._events)
        return Handover(device=device, key=key)

    def rules(self, actor: Actor, device_id: DeviceId) -> Rules:
        """The rules of a bot of an account.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        device = devices.get(session, account_id=actor.account_id, device_id=device_id)
        row = session.get(VirtualBot, device.id)
        if row is None or not device.is_virtual:
            return Rules(is_taken=device.is_virtual, allowed_origins=())
        return Rules(is_taken=row.is_taken, allowed_origins=tuple(map(Origin, row.allowed_origins.split())))

    def set_origins(
        self, actor: Actor, device_id: DeviceId, *, origins: Iterable[str], own: Iterable[str]
    ) -> Rules:
        """Set which other servers the sketches of a virtual bot may contact from its page.

        Args:
            own: where this server is found.
        Raises:
            NotFound: no such device of this account.
            Conflict: it does not live in a browser.
            Invalid: see `parse_origins`.
        """
        allowed = parse_origins(origins, own=own)
        session = self._sessions()
        with writing(session):
            device = devices.lock(session, account_id=actor.account_id, device_id=device_id)
            if not device.is_virtual:
                raise Conflict("not_virtual", "Only virtual bots have such a list.")
            _row(session, device_id).allowed_origins = " ".join(allowed)
            audit.note(session, actor, "device.origins", device_id, at=self._clock.now())
        return self.rules(actor, device_id)

    def images(self, actor: Actor) -> list[VirtualImage]:
        """The newest finished build for the virtual bot of each sketch of an account, newest first."""
        newest_first = func.row_number().over(partition_by=Build.sketch_id, order_by=Build.finished_at.desc())
        ranked = (
            select(Build.id, newest_first.label("place"))
            .where(
                Build.account_id == actor.account_id,
                Build.chip == VIRTUAL_CHIP,
                Build.state == BuildState.SUCCEEDED,
                Build.sketch_id.is_not(None),
            )
            .subquery()
        )
        query = (
            select(Build)
            .join(ranked, ranked.c.id == Build.id)
            .where(ranked.c.place == 1)
            .order_by(Build.finished_at.desc())
            .limit(MAX_IMAGES)
        )
        return [
            VirtualImage(
                build_id=row.id,
                sketch_id=row.sketch_id,
                sketch_name=row.sketch_name,
                image_bytes=row.image_bytes,
                finished_at=row.finished_at,
            )
            for row in self._sessions().scalars(query)
            if row.sketch_id is not None and row.finished_at is not None
        ]


def _virtual(session: Session, actor: Actor, device_id: DeviceId) -> Device:
    """A device, made virtual, inside the caller's transaction."""
    device = devices.lock(session, account_id=actor.account_id, device_id=device_id)
    if waits_in_file(device) and (device.is_virtual or device.last_seen_at is None):
        raise Conflict(
            "flash_waits",
            "A file for a flash over USB contains this bot's next key. If you do not need it, renew the key.",
        )
    if not may_run_in_page(device):
        raise Conflict("not_virtual", "This is a physical bot; its key never leaves the server.")
    device.is_virtual = True
    device.revision += 1
    return device


def _row(session: Session, device_id: DeviceId) -> VirtualBot:
    """The rules of a virtual bot, locked, inside the caller's transaction."""
    row = session.get(VirtualBot, device_id)
    if row is None:
        row = VirtualBot(device_id=device_id, is_taken=True, allowed_origins="")
        session.add(row)
    return row


def _free_name(session: Session) -> DeviceId:
    for _ in range(5):
        end = "".join(randomness.choice(_NAME_ALPHABET) for _ in range(_NAME_CHARS))
        if not is_taken(session, f"virtual_{end}"):
            return DeviceId(f"virtual_{end}")
    raise _no_name()


def _no_name() -> Conflict:
    return Conflict("no_free_name", "No free name for the bot was found. Try again.")
