"""Devices as their owners and maintainers see them."""

import json
from collections.abc import Callable, Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.devices.payload import DevicePayload, of_device
from app.devices.rules import DeviceId, WifiSettings, parse_wifi
from app.devices.tables import Device
from app.events.names import MAINTAINERS_ROOM, EventName, account_room
from app.events.publisher import EventPublisher
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.errors import NotFound
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import held, writing


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
        return [of_device(device) for device in found]

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
        return of_device(device)

    def set_network(self, actor: Actor, device_id: DeviceId, wifi: WifiSettings) -> Device:
        """Change a bot's network; applies at its next check-in.

        Raises:
            NotFound: no such device of this account.
        """
        plain = json.dumps({"ssid": wifi.ssid, "password": wifi.password}).encode()
        sealed = self._secrets.seal(plain, context=_wifi_context(device_id))
        session = self._sessions()
        with writing(session):
            device = lock(session, account_id=actor.account_id, device_id=device_id)
            device.wifi_sealed = sealed
            device.network_revision += 1
            self._note(session, actor, "device.network", device)
        self._publish(device)
        return device

    def set_link_open(self, actor: Actor, device_id: DeviceId, *, is_open: bool) -> Device:
        """Make a bot's static link public, or restrict it to the bot and its owner.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        with writing(session):
            device = lock(session, account_id=actor.account_id, device_id=device_id)
            if device.link_is_open == is_open:
                return device
            device.link_is_open = is_open
            self._note(session, actor, "device.link_open" if is_open else "device.link_close", device)
        self._publish(device)
        return device

    def set_wants_log(self, actor: Actor, device_id: DeviceId, *, wants_log: bool) -> Device:
        """Switch a bot's wireless log on or off.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        with writing(session):
            device = lock(session, account_id=actor.account_id, device_id=device_id)
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
        publish([device], events=self._events)


def get(session: Session, *, account_id: str | None, device_id: str) -> Device:
    """One device of an owner; of anybody for None.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    query = _query(account_id, device_id)
    return _found(session.scalar(query.execution_options(populate_existing=True)))


def lock(session: Session, *, account_id: str | None, device_id: str) -> Device:
    """The same, locked until the caller's write transaction ends, and with it its updates.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return _found(session.scalar(held(_query(account_id, device_id))))


def open_network(sealed: bytes, *, device_id: str, secrets: SecretBox) -> WifiSettings:
    """The network settings that `Devices.set_network` sealed.

    Raises:
        ValueError: the sealed value was changed or belongs to another device.
    """
    fields = json.loads(secrets.open(sealed, context=_wifi_context(device_id)))
    return parse_wifi(fields["ssid"], fields["password"])


def publish(devices: Iterable[Device], *, events: EventPublisher) -> None:
    """Publish the current state of devices to their owners and the maintainers."""
    for device in devices:
        body = of_device(device)
        events.publish(EventName.DEVICE_CHANGED, rooms_of(device.account_id), dict(body))


def rooms_of(account_id: str | None) -> list[str]:
    """The rooms of pages that show a device of this account."""
    return [MAINTAINERS_ROOM] if account_id is None else [account_room(account_id), MAINTAINERS_ROOM]


def _query(account_id: str | None, device_id: str) -> Select[Device]:
    query = select(Device).where(Device.id == device_id)
    return query if account_id is None else query.where(Device.account_id == account_id)


def _found(device: Device | None) -> Device:
    if device is None:
        raise NotFound("no_such_device", "There is no such bot.")
    return device


def _wifi_context(device_id: str) -> str:
    return f"wifi:{device_id}"
