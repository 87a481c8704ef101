"""Accounts: who logs in."""

from enum import StrEnum
from typing import NewType

AccountId = NewType("AccountId", str)


class Role(StrEnum):
    """What an account may do."""

    OWNER = "owner"
    MAINTAINER = "maintainer"


class Registration(StrEnum):
    """Who may register a bot: anybody, who holds an entered id with its password, or nobody."""

    OPEN = "open"
    INVENTORY = "inventory"
    CLOSED = "closed"
