"""Accounts: register, claim, log in, change the password; and what maintainers enter.

Whoever guesses learns nothing: an unknown id, a taken id and a wrong password cost the same time
and get the same answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.passwords import PasswordHasher
from app.accounts.rules import MAX_PASSWORD_CHARS, Registration, check_password, parse_login_name
from app.accounts.tables import Account
from app.audit import service as audit
from app.devices.payload import of_device
from app.devices.provisioning import NotProven, prove, take
from app.devices.rules import DeviceId, parse_product_id
from app.devices.tables import Device
from app.events.names import EventName, account_room
from app.events.publisher import EventPublisher
from app.kernel.actor import AccountId, Actor, Role
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Forbidden, Invalid, LimitExceeded
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing

MAX_DEVICES = 100
"""Bots of one account; under open registration one account could otherwise take every name."""

# One entry tells that a name is under attack; the next ones would only fill the table.
_LOCKOUT_NOTED_EVERY = timedelta(hours=1)
_LOCKED = "account.locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountParts:
    """The outside parts that accounts need, and who may register."""

    registration: Registration
    passwords: PasswordHasher
    secrets: SecretBox
    events: EventPublisher
    clock: Clock


def load(session: Session, *, account_id: str) -> Account | None:
    """An account, or None if it is gone."""
    return session.get(Account, account_id)


def register(
    session: Session, *, product_id: str, password: str, parts: AccountParts, address: str = ""
) -> Account:
    """Make an account for the owner of a bot, and the bot with it.

    Args:
        address: where the request came from; for the audit trail.
    Raises:
        Invalid: the product id or the password has not the right form.
        Forbidden: the policy says no; or the id is taken or unknown, or the password is wrong.
    """
    if parts.registration is Registration.CLOSED:
        raise Forbidden("registration_closed", "This server takes no new accounts. Ask whoever runs it.")
    name = parse_product_id(product_id)
    check_password(password)
    now = parts.clock.now()
    try:
        proof = _prove(session, name, password, parts)
        with writing(session):
            account = _new_account(name, proof, Role.OWNER, now)
            session.add(account)
            session.flush()
            device = take(
                session, product_id=name, account=account, password_hash=proof, secrets=parts.secrets, now=now
            )
            account.must_change_password = device.initial_password
            audit.note(
                session,
                Actor(account_id=AccountId(account.id), role=Role.OWNER, address=address),
                "account.register",
                name,
                at=now,
            )
    except (IntegrityError, NotProven):
        raise Forbidden(
            "registration_refused",
            "This product id cannot be registered with this password. If the bot is yours already, log in.",
        ) from None
    return account


def claim(
    session: Session,
    *,
    account_id: str,
    product_id: str,
    password: str,
    parts: AccountParts,
    address: str = "",
) -> Device:
    """Add a further bot to an account.

    Raises:
        Invalid: the product id or the password has not the right form.
        Conflict: the bot is already this account's.
        Forbidden: the id is somebody else's or unknown, or the password is wrong; all look alike.
        LimitExceeded: the account has too many bots.
    """
    name = parse_product_id(product_id)
    check_password(password)
    account = session.get_one(Account, account_id)
    _check_claim(session, account_id, name)
    now = parts.clock.now()
    try:
        proof = _prove(session, name, password, parts)
        with writing(session):
            device = take(
                session, product_id=name, account=account, password_hash=proof, secrets=parts.secrets, now=now
            )
            # The account has a password of its own; the initial one opens nothing any more.
            device.initial_password = False
            audit.note(
                session,
                Actor(account_id=AccountId(account_id), role=Role.OWNER, address=address),
                "device.claim",
                name,
                at=now,
            )
    except (IntegrityError, NotProven):
        raise Forbidden("claim_refused", "This product id cannot be added with this password.") from None
    body = of_device(device, latest=None, now=now)
    parts.events.publish(EventName.DEVICE_CHANGED, [account_room(account_id)], dict(body))
    return device


def authenticate(
    session: Session, *, login_name: str, password: str, parts: AccountParts, address: str = ""
) -> Account | None:
    """The account that these credentials open; None for an unknown name and for a wrong password."""
    account = session.scalar(select(Account).where(Account.login_name == login_name))
    known = account.password_hash if account else None
    fits = parts.passwords.verify(password[: MAX_PASSWORD_CHARS + 1], known)
    if account is None or not fits:
        return None
    with writing(session):
        audit.note(
            session,
            Actor(account_id=AccountId(account.id), role=Role.OWNER, address=address),
            "account.log_in",
            account.login_name,
            at=parts.clock.now(),
        )
    return account


def note_lockout(session: Session, *, login_name: str, clock: Clock, address: str) -> None:
    """Note that too many wrong passwords were tried for a name, at most once an hour a name."""
    now = clock.now()
    if audit.was_noted(session, action=_LOCKED, subject=login_name, since=now - _LOCKOUT_NOTED_EVERY):
        return
    with writing(session):
        audit.note(session, Actor.stranger(address), _LOCKED, login_name, at=now)


def change_password(
    session: Session, *, account_id: str, old: str, new: str, parts: AccountParts, address: str = ""
) -> Account:
    """Set a new password and log the account out everywhere.

    Raises:
        Invalid: the old password is wrong, or the new one has not the right form or is the old one.
        Conflict: the password was changed at the same moment elsewhere.
    """
    account = session.get_one(Account, account_id)
    seen = account.password_hash
    if not parts.passwords.verify(old[: MAX_PASSWORD_CHARS + 1], seen):
        raise Invalid("wrong_password", "The old password is not right.", {"field": "old_password"})
    check_password(new)
    if new == old:
        raise Invalid("same_password", "Choose a new password, not the old one.", {"field": "new_password"})
    fresh = parts.passwords.hash(new)
    with writing(session):
        session.refresh(account, with_for_update=True)
        if account.password_hash != seen:
            raise Conflict("password_changed", "The password was changed meanwhile. Log in with the new one.")
        _set_password(session, account, fresh)
        audit.note(
            session,
            Actor(account_id=AccountId(account.id), role=Role.OWNER, address=address),
            "account.password",
            account.login_name,
            at=parts.clock.now(),
        )
    parts.events.disconnect(account.id)
    return account


def create_maintainer(session: Session, *, login_name: str, password: str, parts: AccountParts) -> Account:
    """Make an account that may look after everybody's bots.

    Raises:
        Invalid: the name or the password has not the right form.
        Conflict: the name is taken.
    """
    account = _new_account(
        parse_login_name(login_name), _checked_hash(password, parts), Role.MAINTAINER, parts.clock.now()
    )
    try:
        with writing(session):
            session.add(account)
            audit.note(session, Actor.cli(), "account.make_maintainer", login_name, at=account.created_at)
    except IntegrityError:
        raise Conflict("name_taken", f"The login name “{login_name}” is taken.") from None
    return account


def _new_account(login_name: str, password_hash: str, role: Role, now: datetime) -> Account:
    return Account(
        id=uuid4().hex,
        login_name=login_name,
        password_hash=password_hash,
        role=role,
        must_change_password=False,
        session_epoch=0,
        created_at=now,
    )


def _prove(session: Session, product_id: DeviceId, password: str, parts: AccountParts) -> str:
    return prove(
        session,
        product_id=product_id,
        password=password,
        registration=parts.registration,
        passwords=parts.passwords,
    )


def _checked_hash(password: str, parts: AccountParts) -> str:
    check_password(password)
    return parts.passwords.hash(password)


def _check_claim(session: Session, account_id: str, product_id: str) -> None:
    owned = select(func.count()).select_from(Device).where(Device.account_id == account_id)
    if session.scalar(owned.where(Device.id == product_id)):
        raise Conflict("already_yours", f"“{product_id}” is yours already.")
    if (session.scalar(owned) or 0) >= MAX_DEVICES:
        raise LimitExceeded(
            "too_many_devices", f"An account has at most {MAX_DEVICES} bots.", {"limit": MAX_DEVICES}
        )


def _set_password(session: Session, account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    account.must_change_password = False
    account.session_epoch += 1
    first = session.get(Device, account.login_name)
    if first is not None and first.account_id == account.id:
        first.password_hash = password_hash
        first.initial_password = False
