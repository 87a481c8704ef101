"""Accounts: log in, change the password, and what maintainers enter.

Guessing reveals nothing: an unknown name and a wrong password take the same time and get the same
answer.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.passwords import PasswordHasher
from app.accounts.rules import MAX_PASSWORD_CHARS, check_password, parse_login_name
from app.accounts.tables import Account
from app.audit import service as audit
from app.events.publisher import EventPublisher
from app.kernel.actor import AccountId, Actor, Role
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Invalid
from app.kernel.transaction import writing

# One entry shows that a name is under attack; more would only fill the table.
_LOCKOUT_NOTED_EVERY = timedelta(hours=1)
_LOCKED = "account.locked"


def lock_account(session: Session, account_id: AccountId) -> None:
    """Let nobody else count what this account has, and add to it, until the transaction ends."""
    # Rows that merely refer to the account may still be written.
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))


class Accounts:
    """Who logs in, and with which password."""

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        passwords: PasswordHasher,
        events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._passwords = passwords
        self._events = events
        self._clock = clock

    def find(self, account_id: str) -> Account | None:
        """An account, or None if it was deleted."""
        return self._sessions().get(Account, account_id)

    def log_in(self, actor: Actor, *, login_name: str, password: str) -> Account | None:
        """The account that these credentials open; None for an unknown name and for a wrong password.

        Args:
            actor: the stranger who tries.
        """
        session = self._sessions()
        account = session.scalar(select(Account).where(Account.login_name == login_name))
        expected = account.password_hash if account else None
        fits = self._passwords.verify(password[: MAX_PASSWORD_CHARS + 1], expected)
        if account is None or not fits:
            return None
        with writing(session):
            owner = as_actor(account, actor.address)
            audit.note(session, owner, "account.log_in", account.login_name, at=self._clock.now())
        return account

    def note_lockout(self, actor: Actor, login_name: str) -> None:
        """Note that too many wrong passwords were tried for a name, at most once an hour a name."""
        session = self._sessions()
        now = self._clock.now()
        if audit.was_noted(session, action=_LOCKED, subject=login_name, since=now - _LOCKOUT_NOTED_EVERY):
            return
        with writing(session):
            audit.note(session, actor, _LOCKED, login_name, at=now)

    def change_password(self, actor: Actor, *, old: str, new: str) -> Account:
        """Set a new password and log the account out everywhere.

        Raises:
            Invalid: the old password is wrong, or the new one has not the right form or is the old one.
            Conflict: the password was changed at the same moment elsewhere.
        """
        session = self._sessions()
        account = session.get_one(Account, actor.account_id)
        seen = account.password_hash
        if not self._passwords.verify(old[: MAX_PASSWORD_CHARS + 1], seen):
            raise Invalid("wrong_password", "The current password is wrong.", {"field": "old_password"})
        check_password(new)
        if new == old:
            raise Invalid(
                "same_password",
                "The new password must differ from the current one.",
                {"field": "new_password"},
            )
        fresh = self._passwords.hash(new)
        with writing(session):
            session.refresh(account, with_for_update=True)
            if account.password_hash != seen:
                raise Conflict(
                    "password_changed",
                    "The password has been changed in the meantime. Log in with the new one.",
                )
            account.password_hash = fresh
            account.must_change_password = False
            account.session_epoch += 1
            audit.note(session, actor, "account.password", account.login_name, at=self._clock.now())
        self._events.disconnect(account.id)
        return account

    def create_maintainer(self, actor: Actor, *, login_name: str, password: str) -> Account:
        """Create an account that may see everybody's bots.

        Raises:
            Invalid: the name or the password has not the right form.
            Conflict: the name is taken.
        """
        name = parse_login_name(login_name)
        check_password(password)
        now = self._clock.now()
        account = new_account(name, self._passwords.hash(password), Role.MAINTAINER, now=now)
        session = self._sessions()
        try:
            with writing(session):
                session.add(account)
                audit.note(session, actor, "account.make_maintainer", login_name, at=now)
        except IntegrityError:
            raise Conflict("name_taken", f"The login name “{login_name}” is taken.") from None
        return account


def as_actor(account: Account, address: str) -> Actor:
    """An account as an actor.

    Args:
        address: the network address the request came from; empty for the command line.
    """
    return Actor(account_id=account.id, role=account.role, address=address)


def new_account(login_name: str, password_hash: str, role: Role, *, now: datetime) -> Account:
    """An account row, not yet stored."""
    return Account(
        id=AccountId(uuid4().hex),
        login_name=login_name,
        password_hash=password_hash,
        role=role,
        must_change_password=False,
        session_epoch=0,
        created_at=now,
    )
