"""An account as pages see it."""

from typing_extensions import TypedDict

from app.accounts.tables import Account
from app.kernel.actor import Role
from app.kernel.payload_types import RowId


class AccountPayload(TypedDict):
    """Who is logged in."""

    id: RowId
    login_name: str
    role: Role
    must_change_password: bool


def of_account(row: Account) -> AccountPayload:
    """An account."""
    return {
        "id": row.id,
        "login_name": row.login_name,
        "role": row.role,
        "must_change_password": row.must_change_password,
    }
