"""The account that is logged in."""

from apiflask import APIBlueprint

from app.accounts.payload import AccountPayload, of_account
from app.http.actor import current_account_id
from app.http.responses import current_runtime
from app.kernel.errors import NotFound

bp = APIBlueprint("accounts", __name__, url_prefix="/api/v1", tag="Account")


@bp.get("/me")
def read_me() -> AccountPayload:
    """Read the account that is logged in."""
    account = current_runtime().accounts.find(current_account_id())
    if account is None:
        raise NotFound("no_such_account", "This account has been deleted.")
    return of_account(account)
