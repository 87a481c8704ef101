"""Devices as their owners see them, and the facts a dialect needs before it lets a bot speak."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.devices.payload import DevicePayload, of_device
from app.devices.provisioning import open_key
from app.devices.rules import FIRST_COUNTER, Admission, DeviceId, WifiSettings, parse_wifi
from app.devices.tables import Device
from app.events.names import MAINTAINERS_ROOM, EventName, account_room
from app.events.publisher import EventPublisher
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing

# Built once: making a statement anew for every call of a bot costs more than running it.
CREDENTIALS = (
    Device.key_sealed,
    Device.next_key_sealed,
    Device.next_key_over_usb,
    Device.account_id,
    Device.admission,
    Device.link_is_open,
    Device.counter,
)
"""The columns that `credentials_in` needs."""
_CREDENTIALS = select(*CREDENTIALS).where(Device.id == bindparam("device_id"))
_CLAIM_COUNTER = (
    update(Device)
    .where(Device.id == bindparam("device_id"), Device.counter < bindparam("seen"))
    .values(counter=bindparam("seen"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a dialect compares a caller with.

    Attributes:
        key: the device key.
        next_key: the one that takes its place at its first use; None if there is none.
        next_key_over_usb: whether that one reaches the bot over USB only.
        owner_id: account of the owner; None if nobody claimed the device yet.
        signs: whether the device ever made a signed call.
    """

    key: bytes
    next_key: bytes | None
    next_key_over_usb: bool
    owner_id: str | None
    admission: Admission
    link_is_open: bool
    signs: bool


class Devices:
    """Bots as their owners and maintainers see and change them."""

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

    def list(self, actor: Actor) -> list[DevicePayload]:
        """The devices that the actor may see, by product id."""
        session = self._sessions()
        query = select(Device).order_by(Device.id)
        if actor.scope is not None:
            query = query.where(Device.account_id == actor.scope)
        found = session.scalars(query).all()
        return [of_device(device, now=self._clock.now()) for device in found]

    def get(self, actor: Actor, device_id: DeviceId) -> Device:
        """One device.

        Raises:
            NotFound: there is none that the actor may see.
        """
        return get(self._sessions(), account_id=actor.scope, device_id=device_id)

    def get_own(self, actor: Actor, device_id: DeviceId) -> Device:
        """One device of the actor's own; a maintainer gets nobody else's.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        return get(self._sessions(), account_id=actor.account_id, device_id=device_id)

    def payload(self, device: Device) -> DevicePayload:
        """A device as pages see it now."""
        return of_device(device, now=self._clock.now())

    def set_network(self, actor: Actor, device_id: DeviceId, wifi: WifiSettings) -> Device:
        """Change the network a bot shall use; the bot is told at its next check-in.

        Raises:
            NotFound: no such device of this account.
        """
        plain = json.dumps({"ssid": wifi.ssid, "password": wifi.password}).encode()
        sealed = self._secrets.seal(plain, context=_wifi_context(device_id))
        session = self._sessions()
        with writing(session):
            device = get(session, account_id=actor.account_id, device_id=device_id)
            device.wifi_sealed = sealed
            device.network_revision += 1
            self._note(session, actor, "device.network", device)
        self._publish(device)
        return device

    def set_link_open(self, actor: Actor, device_id: DeviceId, *, is_open: bool) -> Device:
        """Let everybody fetch a bot's image by its static link, or only the bot and its owner.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        with writing(session):
            device = get(session, account_id=actor.account_id, device_id=device_id)
            if device.link_is_open == is_open:
                return device
            device.link_is_open = is_open
            self._note(session, actor, "device.link_open" if is_open else "device.link_close", device)
        self._publish(device)
        return device

    def set_wants_log(self, actor: Actor, device_id: DeviceId, *, wants_log: bool) -> Device:
        """Let a bot send what its sketch prints, or not.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        with writing(session):
            device = get(session, account_id=actor.account_id, device_id=device_id)
            if device.wants_log == wants_log:
                return device
            device.wants_log = wants_log
            self._note(session, actor, "device.log_on" if wants_log else "device.log_off", device)
        self._publish(device)
        return device

    def _note(self, session: Session, actor: Actor, action: str, device: Device) -> None:
        device.revision += 1
        audit.note(session, actor, action, device.id, at=self._clock.now())

    def _publish(self, device: Device) -> None:
        publish([device], events=self._events, now=self._clock.now())


def get(session: Session, *, account_id: str | None, device_id: str) -> Device:
    """One device of an owner; of anybody for None.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    query = select(Device).where(Device.id == device_id)
    if account_id is not None:
        query = query.where(Device.account_id == account_id)
    device = session.scalar(query.execution_options(populate_existing=True))
    if device is None:
        raise NotFound("no_such_device", "There is no such bot.")
    return device


def open_network(sealed: bytes, *, device_id: str, secrets: SecretBox) -> WifiSettings:
    """The network settings that `Devices.set_network` sealed.

    Raises:
        ValueError: the sealed value was changed or belongs to another device.
    """
    fields = json.loads(secrets.open(sealed, context=_wifi_context(device_id)))
    return parse_wifi(fields["ssid"], fields["password"])


def credentials(session: Session, *, device_id: str, secrets: SecretBox) -> Credentials | None:
    """What a caller that names this device must know; None if there is no such device.

    Raises:
        Unavailable: the key was sealed under another encryption key.
    """
    row = session.connection().execute(_CREDENTIALS, {"device_id": device_id}).first()
    return credentials_in(row, device_id=device_id, secrets=secrets) if row else None


def credentials_in(row: Row[*tuple[Any, ...]], *, device_id: str, secrets: SecretBox) -> Credentials:
    """The credentials in a row that has the columns of `CREDENTIALS`.

    Raises:
        Unavailable: the key was sealed under another encryption key.
    """
    return Credentials(
        key=open_key(row.key_sealed, device_id=device_id, secrets=secrets),
        next_key=row.next_key_sealed and open_key(row.next_key_sealed, device_id=device_id, secrets=secrets),
        next_key_over_usb=row.next_key_over_usb,
        owner_id=row.account_id,
        admission=row.admission,
        link_is_open=row.link_is_open,
        signs=row.counter != FIRST_COUNTER,
    )


def claim_counter(session: Session, *, device_id: str, counter: str) -> None:
    """Use up a counter; part of the caller's write transaction.

    Raises:
        Conflict: this counter or a later one was used before.
    """
    used = session.connection().execute(_CLAIM_COUNTER, {"device_id": device_id, "seen": counter})
    if used.rowcount != 1:
        raise replayed()


def replayed() -> Conflict:
    """The error for a counter that was used before."""
    return Conflict("replayed", "This counter was used before; each call needs a higher one.")


def publish(devices: Iterable[Device], *, events: EventPublisher, now: datetime) -> None:
    """Tell the owner and the maintainers how devices stand."""
    for device in devices:
        body = of_device(device, now=now)
        events.publish(EventName.DEVICE_CHANGED, rooms_of(device.account_id), dict(body))


def rooms_of(account_id: str | None) -> list[str]:
    """Who hears news of a device of this account."""
    return [MAINTAINERS_ROOM] if account_id is None else [account_room(account_id), MAINTAINERS_ROOM]


def _wifi_context(device_id: str) -> str:
    return f"wifi:{device_id}"
