"""Boards over HTTP."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from tests.factories import make_account, make_board


def test_boards_say_whether_and_why_not(
    client: FlaskClient, session: Session, login: Callable[[FlaskClient, Account], FlaskClient]
) -> None:
    make_board(session)
    make_board(session, fqbn="esp32:esp32:esp32", available=False, reason="its core is missing.")
    body = login(client, make_account(session)).get("/api/v1/boards").get_json()
    assert [(board["fqbn"], board["available"], board["reason"]) for board in body["boards"]] == [
        ("airsketch:virtual:bot", True, ""),
        ("esp32:esp32:esp32", False, "its core is missing."),
    ]
    assert "toolchain_key" not in body["boards"][0]
