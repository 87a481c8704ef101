"""What a device dialect needs to authenticate a call, and the counter against replayed calls."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from app.devices.provisioning import open_key
from app.devices.rules import FIRST_COUNTER, Admission
from app.devices.tables import Device
from app.kernel.actor import AccountId
from app.kernel.errors import Conflict
from app.kernel.secret_box import SecretBox

# Built once: making a statement for every call of a bot costs more than running it.
COLUMNS = (
    Device.key_sealed,
    Device.next_key_sealed,
    Device.next_key_over_usb,
    Device.account_id,
    Device.admission,
    Device.link_is_open,
    Device.counter,
)
"""The columns that `from_row` needs."""
_SELECT = select(*COLUMNS).where(Device.id == bindparam("device_id"))
_CLAIM_COUNTER = (
    update(Device)
    .where(Device.id == bindparam("device_id"), Device.counter < bindparam("seen"))
    .values(counter=bindparam("seen"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a dialect authenticates a caller against.

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
    owner_id: AccountId | None
    admission: Admission
    link_is_open: bool
    signs: bool


def load(session: Session, *, device_id: str, secrets: SecretBox) -> Credentials | None:
    """The credentials of a device; None if there is no such device.

    Raises:
        Unavailable: the key was sealed under another encryption key.
    """
    row = session.connection().execute(_SELECT, {"device_id": device_id}).first()
    return from_row(row, device_id=device_id, secrets=secrets) if row else None


def from_row(row: Row[*tuple[Any, ...]], *, device_id: str, secrets: SecretBox) -> Credentials:
    """The credentials in a row that has the columns of `COLUMNS`.

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
    """Consume a call counter; part of the caller's write transaction.

    Raises:
        Conflict: this counter or a later one was used before.
    """
    used = session.connection().execute(_CLAIM_COUNTER, {"device_id": device_id, "seen": counter})
    if used.rowcount != 1:
        raise replayed()


def replayed() -> Conflict:
    """The error for a counter that was used before."""
    return Conflict("replayed", "This counter was used before. Each call needs a higher one.")
