"""Who made a request."""

from collections.abc import Callable

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.http.actor import current_account_id, current_actor
from app.kernel.actor import Actor, Role
from tests.factories import actor_of, make_account

Login = Callable[[FlaskClient, Account], FlaskClient]


def test_a_request_without_a_session_is_a_strangers(app: APIFlask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        assert current_actor() == Actor.stranger("192.0.2.7")


def test_a_logged_in_account_acts_with_its_role_and_address(
    app: APIFlask, client: FlaskClient, session: Session, login: Login
) -> None:
    account = make_account(session, role=Role.MAINTAINER)
    with login(client, account):
        client.get("/api/v1/me", environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert current_actor() == actor_of(account, address="192.0.2.7")
        assert current_account_id() == account.id
