"""Who is logged in, for Flask-Login and for the services."""

from dataclasses import dataclass
from typing import Self

from flask import request
from flask_login import LoginManager, current_user

from app.accounts.tables import Account
from app.http.responses import current_runtime
from app.kernel.actor import AccountId, Actor, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The account behind a request, as Flask-Login wants it."""

    account_id: AccountId
    login_name: str
    role: Role
    must_change_password: bool
    session_epoch: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account as it is now."""
        return cls(
            account_id=account.id,
            login_name=account.login_name,
            role=account.role,
            must_change_password=account.must_change_password,
            session_epoch=account.session_epoch,
        )

    def get_id(self) -> str:
        """What the session cookie remembers: a session of an older epoch is logged out."""
        return f"{self.account_id}:{self.session_epoch}"


def register_login(login_manager: LoginManager) -> None:
    """Register the account loader with Flask-Login."""
    login_manager.user_loader(_load)


def current_actor() -> Actor:
    """Who made this request: the account that is logged in, or a stranger."""
    address = request.remote_addr or ""
    if not current_user.is_authenticated:
        return Actor.stranger(address)
    return Actor(account_id=current_user.account_id, role=current_user.role, address=address)


def current_account_id() -> AccountId:
    """The account that is logged in; also the key of rate limits for each account."""
    return current_actor().account_id


def _load(remembered: str) -> LoggedIn | None:
    account_id, _, epoch = remembered.partition(":")
    account = current_runtime().accounts.find(account_id)
    if account is None or str(account.session_epoch) != epoch:
        return None
    return LoggedIn.of(account)
