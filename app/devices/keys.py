"""Keys of devices: renewal, delivered at the next check-in or over USB, and revocation.

A new key waits beside the old one until the bot first uses it, so a bot that never receives it can still
sign its calls.
"""

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.devices import service as devices
from app.devices.provisioning import open_key, renew_key, seal_new_key
from app.devices.rules import FIRST_COUNTER, DeviceId
from app.devices.tables import Device
from app.events.publisher import EventPublisher
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing

logger = logging.getLogger(__name__)


class DeviceKeys:
    """The keys by which bots sign their calls."""

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

    def renew(self, actor: Actor, device_id: DeviceId) -> Device:
        """Create a new key, delivered in the response to the bot's next call or by a flash over USB.

        One that waits in a file, or for a revoked bot, is void then. One that waits to be handed over
        stays: the bot may have it already and only not have used it yet.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        with writing(session):
            device = devices.lock(session, account_id=actor.account_id, device_id=device_id)
            if device.next_key_sealed is not None and not device.next_key_over_usb:
                return device
            device.next_key_sealed = seal_new_key(device_id, secrets=self._secrets)
            device.next_key_over_usb = device.key_revoked
            self._note(session, actor, "device.new_key", device)
        self._publish(device)
        return device

    def revoke(self, actor: Actor, device_id: DeviceId) -> Device:
        """Revoke a bot's access at once; a flash over USB with a new key restores it.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        with writing(session):
            device = devices.lock(session, account_id=actor.account_id, device_id=device_id)
            # Nobody ever gets this key: it only takes the place of the one that must open nothing more.
            renew_key(device, secrets=self._secrets)
            device.next_key_sealed = seal_new_key(device_id, secrets=self._secrets)
            device.next_key_over_usb = True
            device.key_revoked = True
            self._note(session, actor, "device.revoke_key", device)
        self._publish(device)
        return device

    def adopt(self, device_id: str, key: bytes) -> None:
        """Make the next key the only one, because the bot has used it; its calls count from the start."""
        session = self._sessions()
        with writing(session):
            device = devices.lock(session, account_id=None, device_id=device_id)
            sealed = device.next_key_sealed
            # Of two calls at once the first has done it; or the owner made another key meanwhile.
            if sealed is None or open_key(sealed, device_id=device_id, secrets=self._secrets) != key:
                return
            device.key_sealed = sealed
            device.next_key_sealed = None
            device.next_key_over_usb = False
            device.key_since = self._clock.now()
            device.key_revoked = False
            device.is_virtual = False
            device.counter = FIRST_COUNTER
            device.revision += 1
        logger.info("device_key_adopted", extra={"device_id": device_id})
        self._publish(device)

    def _note(self, session: Session, actor: Actor, action: str, device: Device) -> None:
        device.revision += 1
        audit.note(session, actor, action, device.id, at=self._clock.now())

    def _publish(self, device: Device) -> None:
        devices.publish([device], events=self._events)


def for_flash(device: Device, *, secrets: SecretBox) -> bytes:
    """The key to flash into a bot, inside the caller's transaction.

    It is a new one: a flash over USB empties the bot's memory and with it the count of its calls, which
    would look replayed under a key that was used before. Until it is used, every further flash gets
    the same. It is no longer handed over in an answer: whatever the bot still runs would use it up.
    """
    sealed = device.next_key_sealed or seal_new_key(device.id, secrets=secrets)
    if not device.next_key_over_usb:
        device.next_key_sealed = sealed
        device.next_key_over_usb = True
        device.revision += 1
    return open_key(sealed, device_id=device.id, secrets=secrets)


def waits_in_file(device: Device) -> bool:
    """Whether a bot may have been flashed over USB without a check-in since.

    A key that a page takes would lock it out; a new key, or none, is how its owner gives the file up.
    """
    return device.next_key_over_usb and not device.key_revoked
