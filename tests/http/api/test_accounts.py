"""The account over the API."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from tests.factories import make_account

Login = Callable[[FlaskClient, Account], FlaskClient]


def test_a_person_reads_who_they_are(client: FlaskClient, login: Login, session: Session) -> None:
    account = make_account(session)
    answer = login(client, account).get("/api/v1/me")
    assert answer.get_json() == {
        "id": account.id,
        "login_name": account.login_name,
        "role": "owner",
        "must_change_password": False,
    }


def test_a_stranger_is_asked_to_log_in(client: FlaskClient) -> None:
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "not_logged_in"
