"""Examples over the API."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from tests.factories import make_account


def test_examples_are_listed_with_their_boards(
    client: FlaskClient, login: Callable[[FlaskClient, Account], FlaskClient], session: Session
) -> None:
    examples = login(client, make_account(session)).get("/api/v1/examples").get_json()["examples"]
    assert examples[0]["name"] == "Blink"
    assert all(set(example) == {"name", "title", "summary", "boards"} for example in examples)
