"""New devices, each with a key of its own, and the ids that are free for them."""

import secrets as randomness
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.devices.rules import FIRST_COUNTER, KEY_BYTES, Admission, DeviceId
from app.devices.tables import Device
from app.kernel.actor import AccountId
from app.kernel.errors import Unavailable
from app.kernel.secret_box import SecretBox


def taken_ids(session: Session, product_ids: Collection[str]) -> set[str]:
    """Those that are a bot's id, or the name by which an account logs in."""
    bots = session.scalars(select(Device.id).where(Device.id.in_(product_ids)))
    names = session.scalars(select(Account.login_name).where(Account.login_name.in_(product_ids)))
    return {*bots, *names}


def is_taken(session: Session, product_id: str) -> bool:
    """Whether there is a bot of this id, or an account that logs in by it."""
    return bool(taken_ids(session, [product_id]))


def new_device(
    *,
    product_id: DeviceId,
    account_id: AccountId | None,
    secrets: SecretBox,
    now: datetime,
    password_hash: str | None = None,
) -> Device:
    """A device row, not yet stored, with a key of 32 random bytes.

    Args:
        account_id: its owner; None for an id that waits in the inventory.
        password_hash: of the initial password, for an id in the inventory.
    """
    return Device(
        id=product_id,
        account_id=account_id,
        password_hash=password_hash,
        initial_password=account_id is None,
        key_sealed=seal_new_key(product_id, secrets=secrets),
        admission=Admission.ACCEPTED,
        created_at=now,
    )


def renew_key(device: Device, *, secrets: SecretBox) -> bytes:
    """Give a device another key, inside the caller's transaction; its calls are counted from the start.

    A counter of the old key cannot be replayed: it was signed with that key.

    Returns:
        The new key, 32 bytes.
    """
    key = randomness.token_bytes(KEY_BYTES)
    device.key_sealed = secrets.seal(key, context=_context(device.id))
    device.next_key_sealed = None
    device.next_key_over_usb = False
    device.key_revoked = False
    device.counter = FIRST_COUNTER
    return key


def seal_new_key(product_id: str, *, secrets: SecretBox) -> bytes:
    """A fresh key of a device, sealed."""
    return secrets.seal(randomness.token_bytes(KEY_BYTES), context=_context(product_id))


def open_key(sealed: bytes, *, device_id: str, secrets: SecretBox) -> bytes:
    """A key as it was before `seal_new_key` or `new_device` sealed it, 32 bytes.

    Raises:
        Unavailable: it was sealed under another encryption key.
    """
    try:
        return secrets.open(sealed, context=_context(device_id))
    except ValueError:
        raise Unavailable(
            "key_unreadable", "The server cannot read this bot's key. Was AIRSKETCH_ENCRYPTION_KEY changed?"
        ) from None


def _context(product_id: str) -> str:
    return f"device_key:{product_id}"
