"""Enrolment: adds many bots to the inventory at once, all of them or none."""

import csv
import itertools
import secrets as randomness
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.passwords import PasswordHasher
from app.audit import service as audit
from app.devices.provisioning import new_device, taken_ids
from app.devices.rules import DeviceId, parse_product_id
from app.devices.tables import Device
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Invalid
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing

MAX_AT_ONCE = 1000

# Without 0/O, 1/l/I: the password is typed from a label.
_PASSWORD_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105 - the letters, not a password
_PASSWORD_CHARS = 12
_COLUMN = "product_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """An enrolled bot and its initial password, which is shown only once."""

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
    _check_count(len(ids))
    doubles = sorted({one for one in ids if ids.count(one) > 1})
    if doubles:
        raise Invalid("double_id", f"These product ids appear twice: {', '.join(doubles[:5])}.")
    return ids


class Enrolment:
    """Adds bots to the inventory before anybody owns them."""

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        passwords: PasswordHasher,
        secrets: SecretBox,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._passwords = passwords
        self._secrets = secrets
        self._clock = clock

    def free_ids(self, *, prefix: str, count: int) -> list[DeviceId]:
        """The first free ids `<prefix>001`, `<prefix>002`, …

        Raises:
            Invalid: the prefix makes no product ids, or the count is out of bounds.
        """
        _check_count(count)
        session = self._sessions()
        found: list[str] = []
        for start in itertools.count(1, MAX_AT_ONCE):
            names = [f"{prefix}{number:03}" for number in range(start, start + MAX_AT_ONCE)]
            taken = taken_ids(session, names)
            found += [name for name in names if name not in taken]
            if len(found) >= count:
                break
        return [parse_product_id(name) for name in found[:count]]

    def enrol(self, actor: Actor, ids: Sequence[DeviceId]) -> list[Enrolled]:
        """Enrol bots that their future owners register with the initial passwords.

        Raises:
            Conflict: some ids are taken; no bot is enrolled.
        """
        session = self._sessions()
        taken = taken_ids(session, ids)
        if taken:
            raise _taken(taken)
        entered = [Enrolled(product_id=one, initial_password=new_password()) for one in ids]
        hashes = [self._passwords.hash(one.initial_password) for one in entered]
        now = self._clock.now()
        try:
            with writing(session):
                for one, password_hash in zip(entered, hashes, strict=True):
                    session.add(self._device(one, password_hash, now))
                    audit.note(session, actor, "device.enrol", one.product_id, at=now)
        except IntegrityError:
            raise _taken(taken_ids(session, ids)) from None
        return entered

    def _device(self, one: Enrolled, password_hash: str, now: datetime) -> Device:
        return new_device(
            product_id=one.product_id,
            account_id=None,
            password_hash=password_hash,
            secrets=self._secrets,
            now=now,
        )


def as_csv(entered: Sequence[Enrolled]) -> str:
    """A CSV of product ids and initial passwords."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((_COLUMN, "initial_password"))
    writer.writerows((one.product_id, one.initial_password) for one in entered)
    return text.getvalue()


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_AT_ONCE:
        raise Invalid("bad_count", f"Between 1 and {MAX_AT_ONCE} bots can be enrolled at once, not {count}.")


def _taken(ids: Collection[str]) -> Conflict:
    if len(ids) == 1:
        return Conflict("id_taken", f"The product id “{next(iter(ids))}” is taken.")
    return Conflict("id_taken", f"These product ids are taken: {', '.join(sorted(ids)[:5])}.")
