"""Accounts."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.actor import AccountId, Role
from app.kernel.tables import Base


class Account(Base):
    """Who logs in: an owner, by the product id of the first bot, or a maintainer, by a name."""

    __tablename__ = "account"

    id: Mapped[AccountId] = mapped_column(String(32), primary_key=True)
    login_name: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    # A session made under another epoch is logged out; a password change raises it.
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
