"""Keys of devices: a new one, handed over at the next call or by wire, and shutting a bot out.

A new key waits beside the old one until the bot first speaks with it, so a bot that it never reaches
keeps its way home.
"""

import logging

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.devices import service as devices
from app.devices.provisioning import open_key, renew_key, seal_new_key
from app.devices.service import DeviceParts
from app.devices.tables import Device
from app.kernel.actor import AccountId, Actor, Role
from app.kernel.transaction import writing

logger = logging.getLogger(__name__)

_NEVER_SIGNED = "0" * 16


def renew(session: Session, *, account_id: str, device_id: str, address: str, parts: DeviceParts) -> Device:
    """Make a new key; the bot gets it with the answer to its next call, or with a flash by wire.

    One that waits in a file, or for a revoked bot, is void then. One that waits to be handed over
    stays: the bot may have it already and only not have used it yet.

    Raises:
        NotFound: no such device of this account.
    """
    with writing(session):
        device = devices.get(session, account_id=account_id, device_id=device_id)
        if device.next_key_sealed is not None and not device.next_key_by_wire:
            return device
        device.next_key_sealed = seal_new_key(device_id, secrets=parts.secrets)
        device.next_key_by_wire = device.key_revoked
        _note(session, device, account_id, "device.new_key", address, parts)
    devices.publish(session, [device], events=parts.events, now=parts.clock.now())
    return device


def revoke(session: Session, *, account_id: str, device_id: str, address: str, parts: DeviceParts) -> Device:
    """Shut a bot out at once; a flash by wire lets it in again, with a new key.

    Raises:
        NotFound: no such device of this account.
    """
    with writing(session):
        device = devices.get(session, account_id=account_id, device_id=device_id)
        # Nobody ever gets this key: it only takes the place of the one that must open nothing more.
        renew_key(device, secrets=parts.secrets)
        device.next_key_sealed = seal_new_key(device_id, secrets=parts.secrets)
        device.next_key_by_wire = True
        device.key_revoked = True
        _note(session, device, account_id, "device.revoke_key", address, parts)
    devices.publish(session, [device], events=parts.events, now=parts.clock.now())
    return device


def for_flash(device: Device, *, parts: DeviceParts) -> bytes:
    """The key to write into a bot, inside the caller's transaction.

    It is a new one: a flash by wire empties the bot's memory and with it the count of its calls, which
    would look replayed under a key that was used before. Until it is used, every further flash gets
    the same. It is no longer handed over in an answer: whatever the bot still runs would use it up.
    """
    sealed = device.next_key_sealed or seal_new_key(device.id, secrets=parts.secrets)
    if not device.next_key_by_wire:
        device.next_key_sealed = sealed
        device.next_key_by_wire = True
        device.revision += 1
    return open_key(sealed, device_id=device.id, secrets=parts.secrets)


def waits_in_file(device: Device) -> bool:
    """Whether a bot may have been flashed by wire and not have called since.

    A key that a page takes would lock it out; a new key, or none, is how its owner gives the file up.
    """
    return device.next_key_by_wire and not device.key_revoked


def adopt(session: Session, *, device_id: str, key: bytes, parts: DeviceParts) -> None:
    """Make the next key the only one, because the bot has used it; its calls are counted from the start."""
    with writing(session):
        device = session.get_one(Device, device_id, populate_existing=True, with_for_update=True)
        sealed = device.next_key_sealed
        # Of two calls at once the first has done it; or the owner made another key meanwhile.
        if sealed is None or open_key(sealed, device_id=device_id, secrets=parts.secrets) != key:
            return
        device.key_sealed = sealed
        device.next_key_sealed = None
        device.next_key_by_wire = False
        device.key_since = parts.clock.now()
        device.key_revoked = False
        device.is_virtual = False
        device.counter = _NEVER_SIGNED
        device.revision += 1
    logger.info("device_key_adopted", extra={"device_id": device_id})
    devices.publish(session, [device], events=parts.events, now=parts.clock.now())


def _note(
    session: Session, device: Device, account_id: str, action: str, address: str, parts: DeviceParts
) -> None:
    device.revision += 1
    audit.note(
        session,
        Actor(account_id=AccountId(account_id), role=Role.OWNER, address=address),
        action,
        device.id,
        at=parts.clock.now(),
    )
