"""The actor of a use case: an account, its role, and the network address it calls from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Self

AccountId = NewType("AccountId", str)


class Role(StrEnum):
    """What an account may do."""

    OWNER = "owner"
    MAINTAINER = "maintainer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The caller of a use case.

    Attributes:
        account_id: as the audit trail names them; empty for a stranger, `cli` for the command line.
        address: the network address they call from; empty for the command line.
    """

    account_id: AccountId
    role: Role
    address: str = ""

    @classmethod
    def cli(cls) -> Self:
        """The operator who runs a command on the server."""
        return cls(account_id=AccountId("cli"), role=Role.MAINTAINER)

    @classmethod
    def stranger(cls, address: str) -> Self:
        """A visitor who is not logged in and owns no row."""
        return cls(account_id=AccountId(""), role=Role.OWNER, address=address)

    @property
    def scope(self) -> AccountId | None:
        """The account whose rows they may see; None if they may see everybody's."""
        return None if self.role is Role.MAINTAINER else self.account_id
