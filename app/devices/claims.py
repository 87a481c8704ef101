"""Claims: a password proves who owns a bot, which goes to a new or an existing account.

Guessing reveals nothing: an unknown id, a taken id and a wrong password take the same time and get the
same answer.
"""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.passwords import PasswordHasher
from app.accounts.rules import check_password
from app.accounts.service import as_actor, lock_account, new_account
from app.accounts.tables import Account
from app.audit import service as audit
from app.devices import service as devices
from app.devices.provisioning import is_taken, new_device
from app.devices.rules import MAX_DEVICES, DeviceId, parse_product_id
from app.devices.tables import Device
from app.events.publisher import EventPublisher
from app.kernel.actor import Actor, Role
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Forbidden, LimitExceeded
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from config import Registration


class _NotProven(Exception):
    """The bot is somebody else's or unknown, or the password is wrong. Callers never reveal which."""


class Claims:
    """Registering and claiming bots.

    Args:
        registration: who may register a bot that no maintainer entered.
    """

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        registration: Registration,
        passwords: PasswordHasher,
        secrets: SecretBox,
        events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._registration = registration
        self._passwords = passwords
        self._secrets = secrets
        self._events = events
        self._clock = clock

    def register(self, actor: Actor, *, product_id: str, password: str) -> Account:
        """Create the account of a bot's owner, and give it the bot.

        Args:
            actor: the stranger who becomes the owner.
        Raises:
            Invalid: the product id or the password has not the right form.
            Forbidden: the policy says no; or the id is taken or unknown, or the password is wrong.
        """
        if self._registration is Registration.CLOSED:
            raise Forbidden(
                "registration_closed",
                "This server does not accept new accounts. Contact the server administrator.",
            )
        name = parse_product_id(product_id)
        check_password(password)
        session = self._sessions()
        now = self._clock.now()
        try:
            proof = self._prove(session, name, password)
            with writing(session):
                account = new_account(name, proof, Role.OWNER, now=now)
                session.add(account)
                session.flush()
                device = self._take(session, name, account, proof)
                account.must_change_password = device.initial_password
                owner = as_actor(account, actor.address)
                audit.note(session, owner, "account.register", name, at=now)
        except (IntegrityError, _NotProven):
            raise Forbidden(
                "registration_refused",
                "This product id cannot be registered with this password. "
                "If you already own the bot, log in.",
            ) from None
        return account

    def claim(self, actor: Actor, *, product_id: str, password: str) -> Device:
        """Add another bot to an account.

        Raises:
            Invalid: the product id or the password has not the right form.
            Conflict: the bot is already this account's.
            Forbidden: the id is somebody else's or unknown, or the password is wrong; all look alike.
            LimitExceeded: the account has too many bots.
        """
        name = parse_product_id(product_id)
        check_password(password)
        session = self._sessions()
        account = session.get_one(Account, actor.account_id)
        if session.scalar(select(Device.account_id).where(Device.id == name)) == account.id:
            raise Conflict("already_yours", f"You already own “{name}”.")
        check_limit(session, account.id)
        try:
            proof = self._prove(session, name, password)
            with writing(session):
                lock_account(session, actor.account_id)
                check_limit(session, account.id)
                device = self._take(session, name, account, proof)
                audit.note(session, actor, "device.claim", name, at=self._clock.now())
        except (IntegrityError, _NotProven):
            raise Forbidden("claim_refused", "This product id cannot be added with this password.") from None
        devices.publish([device], events=self._events)
        return device

    def _prove(self, session: Session, product_id: DeviceId, password: str) -> str:
        """Check the password of a bot without an owner; one slow hash whatever the result.

        Returns:
            The password's hash.
        Raises:
            _NotProven: the id is taken or unknown, or the password is wrong.
        """
        device = session.get(Device, product_id)
        if self._registration is Registration.OPEN and not is_taken(session, product_id):
            return self._passwords.hash(password)
        expected = device.password_hash if device is not None and device.account_id is None else None
        if not self._passwords.verify(password, expected) or expected is None:
            raise _NotProven
        return expected

    def _take(self, session: Session, product_id: DeviceId, account: Account, proof: str) -> Device:
        """Give a claimed bot to an account, inside the caller's transaction; created if it is new.

        Args:
            proof: the hash that `_prove` gave.
        Raises:
            _NotProven: somebody else was quicker.
            IntegrityError: somebody else was quicker by less.
        """
        device = session.get(Device, product_id, populate_existing=True, with_for_update=True)
        if device is None:
            device = new_device(
                product_id=product_id,
                account_id=account.id,
                secrets=self._secrets,
                now=self._clock.now(),
            )
            session.add(device)
        elif device.account_id is not None or device.password_hash != proof:
            raise _NotProven
        else:
            device.account_id = account.id
            device.password_hash = None
            device.revision += 1
        session.flush()
        return device


def check_limit(session: Session, account_id: str) -> None:
    """Accept one more bot for an account.

    Raises:
        LimitExceeded: it has `MAX_DEVICES` already.
    """
    owned = session.scalar(select(func.count()).select_from(Device).where(Device.account_id == account_id))
    if (owned or 0) >= MAX_DEVICES:
        raise LimitExceeded(
            "too_many_devices", f"An account can have at most {MAX_DEVICES} bots.", {"limit": MAX_DEVICES}
        )
