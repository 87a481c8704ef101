"""Many bots entered into the inventory at once: all of them, or none."""

import csv
import secrets as randomness
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.service import AccountParts
from app.accounts.tables import Account
from app.audit import service as audit
from app.devices.provisioning import new_device
from app.devices.rules import DeviceId, parse_product_id
from app.devices.tables import Device
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid
from app.kernel.transaction import writing

MAX_AT_ONCE = 1000

# Without 0/O, 1/l/I: the password is typed from a label.
_PASSWORD_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105 - the letters, not a password
_PASSWORD_CHARS = 12
_COLUMN = "product_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A bot in the inventory, and the password that is told this once."""

    product_id: DeviceId
    initial_password: str


def new_password() -> str:
    """A random initial password that can be typed from paper."""
    return "".join(randomness.choice(_PASSWORD_ALPHABET) for _ in range(_PASSWORD_CHARS))


def read_ids(text: str) -> list[DeviceId]:
    """The product ids of a CSV: its column `product_id`, or its first column when there is no such title.

    Raises:
        Invalid: there is none, there are too many, one has not the right form or comes twice.
    """
    rows = [row for row in csv.reader(StringIO(text)) if row and row[0].strip()]
    titles = [title.strip() for title in rows[0]] if rows else []
    column = titles.index(_COLUMN) if _COLUMN in titles else 0
    cells = [row[column] if column < len(row) else "" for row in rows[_COLUMN in titles :]]
    return check_ids([parse_product_id(cell.strip()) for cell in cells])


def check_ids(ids: list[DeviceId]) -> list[DeviceId]:
    """Accept a list of ids.

    Raises:
        Invalid: it is empty or too long, or an id comes twice.
    """
    if not 1 <= len(ids) <= MAX_AT_ONCE:
        raise Invalid(
            "bad_count", f"Between 1 and {MAX_AT_ONCE} bots can be entered at once, not {len(ids)}."
        )
    doubles = sorted({one for one in ids if ids.count(one) > 1})
    if doubles:
        raise Invalid("double_id", f"These product ids come twice: {', '.join(doubles[:5])}.")
    return ids


def free_ids(session: Session, *, prefix: str, count: int) -> list[DeviceId]:
    """The first free ids `<prefix>001`, `<prefix>002`, …

    Raises:
        Invalid: the prefix makes no product ids, or the count is out of bounds.
    """
    known = _known(session)
    found: list[DeviceId] = []
    number = 0
    while len(found) < min(count, MAX_AT_ONCE + 1):
        number += 1
        candidate = parse_product_id(f"{prefix}{number:03}")
        if candidate not in known:
            found.append(candidate)
    return check_ids(found)


def enrol(session: Session, *, ids: Sequence[DeviceId], actor: Actor, parts: AccountParts) -> list[Enrolled]:
    """Enter bots that their future owners may register with their initial passwords.

    Raises:
        Conflict: some ids are known already; nothing is entered.
    """
    taken = sorted(_known(session) & set(ids))
    if taken:
        raise _taken(taken)
    entered = [Enrolled(product_id=one, initial_password=new_password()) for one in ids]
    hashes = [parts.passwords.hash(one.initial_password) for one in entered]
    now = parts.clock.now()
    try:
        with writing(session):
            for one, password_hash in zip(entered, hashes, strict=True):
                device = new_device(
                    product_id=one.product_id,
                    account_id=None,
                    password_hash=password_hash,
                    secrets=parts.secrets,
                    now=now,
                )
                session.add(device)
                audit.note(session, actor, "device.enrol", one.product_id, at=now)
    except IntegrityError:
        raise _taken(sorted(_known(session) & set(ids))) from None
    return entered


def as_csv(entered: Sequence[Enrolled]) -> str:
    """Product ids and initial passwords, a line each."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((_COLUMN, "initial_password"))
    writer.writerows((one.product_id, one.initial_password) for one in entered)
    return text.getvalue()


def _known(session: Session) -> set[str]:
    return {*session.scalars(select(Device.id)), *session.scalars(select(Account.login_name))}


def _taken(ids: Sequence[str]) -> Conflict:
    if len(ids) == 1:
        return Conflict("id_taken", f"The product id “{ids[0]}” is known already.")
    return Conflict("id_taken", f"These product ids are known already: {', '.join(ids[:5])}.")
