"""Devices come into being, with a key of their own, and find their owner by a password."""

import secrets as randomness
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.accounts.passwords import PasswordHasher
from app.accounts.rules import Registration
from app.accounts.tables import Account
from app.devices.rules import KEY_BYTES, Admission, DeviceId
from app.devices.tables import Device
from app.kernel.errors import NotFound, Unavailable
from app.kernel.secret_box import SecretBox


class NotProven(Exception):
    """The bot is somebody else's or unknown, or the password is wrong. Callers never say which."""


def is_known(session: Session, *, product_id: str) -> bool:
    """Whether there is a bot of this id, or an account that logs in by it."""
    device = exists().where(Device.id == product_id)
    account = exists().where(Account.login_name == product_id)
    return bool(session.scalar(select(device | account)))


def new_device(
    *, product_id: DeviceId, account_id: str | None, password_hash: str, secrets: SecretBox, now: datetime
) -> Device:
    """A device row, not yet stored, with a key of 32 random bytes.

    Args:
        account_id: its owner; None for an id that waits in the inventory, whose password is then
            the initial one.
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
    device.next_key_by_wire = False
    device.key_revoked = False
    device.counter = "0" * 16
    return key


def seal_new_key(product_id: str, *, secrets: SecretBox) -> bytes:
    """A fresh key of a device, sealed."""
    return secrets.seal(randomness.token_bytes(KEY_BYTES), context=_context(product_id))


def device_key(session: Session, *, device_id: str, secrets: SecretBox) -> bytes:
    """The key of a device, 32 bytes.

    Raises:
        NotFound: there is no such device.
        Unavailable: the key was sealed under another encryption key.
    """
    device = session.get(Device, device_id)
    if device is None:
        raise NotFound("no_such_device", "There is no such bot.")
    return open_key(device.key_sealed, device_id=device_id, secrets=secrets)


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


def prove(
    session: Session,
    *,
    product_id: DeviceId,
    password: str,
    registration: Registration,
    passwords: PasswordHasher,
) -> str:
    """Prove that somebody may have a bot that belongs to nobody; one slow hash whatever comes out.

    Returns:
        The password's hash.
    Raises:
        NotProven: the id is taken or unknown, or the password is wrong.
    """
    device = session.get(Device, product_id)
    if registration is Registration.OPEN and not is_known(session, product_id=product_id):
        return passwords.hash(password)
    known = device.password_hash if device is not None and device.account_id is None else None
    if not passwords.verify(password, known) or known is None:
        raise NotProven
    return known


def take(
    session: Session,
    *,
    product_id: DeviceId,
    account: Account,
    password_hash: str,
    secrets: SecretBox,
    now: datetime,
) -> Device:
    """Give a proven bot to an account, inside the caller's transaction; made if it is new.

    Raises:
        NotProven: somebody else was quicker.
        IntegrityError: somebody else was quicker by less.
    """
    device = session.get(Device, product_id, populate_existing=True, with_for_update=True)
    if device is None:
        device = new_device(
            product_id=product_id,
            account_id=account.id,
            password_hash=password_hash,
            secrets=secrets,
            now=now,
        )
        session.add(device)
    elif device.account_id is not None or device.password_hash != password_hash:
        raise NotProven
    else:
        device.account_id = account.id
        device.revision += 1
    session.flush()
    return device


def _context(product_id: str) -> str:
    return f"device_key:{product_id}"
