"""A client of the JSON API."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.tables import Account


@pytest.fixture
def mine(
    client: FlaskClient, owner: Account, login: Callable[[FlaskClient, Account], FlaskClient]
) -> FlaskClient:
    """A client in which the owner is logged in."""
    return login(client, owner)
