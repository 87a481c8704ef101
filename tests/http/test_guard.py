"""Every address but the listed ones asks for a login, and refuses forged requests."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.tables import Account
from tests.factories import make_account

Login = Callable[[FlaskClient, Account], FlaskClient]

PUBLIC = {
    "/",
    "/login",
    "/register",
    "/healthz",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/api/v1/redoc",
    "/static/<path:filename>",
}
# Bots sign their requests; the link to an image has its own rules.
OF_BOTS = ("/device/v1/",)
LINK_SUFFIX = ".ino.bin"


def is_public(rule: Rule) -> bool:
    return rule.rule in PUBLIC or rule.rule.startswith(OF_BOTS) or rule.rule.endswith(LINK_SUFFIX)


def guarded(app: APIFlask) -> list[tuple[str, str]]:
    """Method and an address of every rule that is not public."""
    found = []
    for rule in app.url_map.iter_rules():
        if not is_public(rule):
            values = dict.fromkeys(rule.arguments, "1")
            with app.test_request_context():
                address = rule.build(values)
            assert address is not None
            found += [
                (method, address[1]) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            ]
    return found


def test_there_is_something_to_guard(app: APIFlask) -> None:
    addresses = guarded(app)
    assert len(addresses) > 25
    assert ("POST", "/logout") in addresses
    assert ("PUT", "/api/v1/devices/1/network") in addresses


def test_a_stranger_gets_nowhere(app: APIFlask, client: FlaskClient) -> None:
    for method, address in guarded(app):
        answer = client.open(address, method=method)
        if address.startswith("/api/"):
            assert (answer.status_code, answer.get_json()["code"]) == (401, "not_logged_in"), (
                method,
                address,
            )
        else:
            assert answer.status_code == 302, (method, address)
            assert answer.headers["Location"].startswith("/login"), (method, address)


def test_who_must_choose_a_password_gets_nowhere_else(
    app: APIFlask, client: FlaskClient, login: Login, session: Session
) -> None:
    login(client, make_account(session, must_change_password=True))
    for method, address in guarded(app):
        if address in {"/account", "/logout"}:
            continue
        answer = client.open(address, method=method)
        if address.startswith("/api/"):
            assert (answer.status_code, answer.get_json()["code"]) == (403, "must_change_password"), address
        else:
            assert (answer.status_code, answer.headers["Location"]) == (302, "/account"), address
    assert client.get("/account").status_code == 200


def test_a_view_that_forgets_to_ask_is_not_open(app: APIFlask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 302


def test_a_name_that_looks_like_a_link_opens_nothing(client: FlaskClient) -> None:
    assert client.get("/api/v1/builds/1/artifacts/bot_001.ino.bin").status_code == 401


@pytest.mark.parametrize("address", ["/", "/login", "/register", "/healthz", "/static/js/early.js"])
def test_public_addresses_are_open(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200


def test_a_change_without_the_token_of_the_page_is_refused(
    app: APIFlask, client: FlaskClient, login: Login, session: Session
) -> None:
    login(client, make_account(session))
    app.config["WTF_CSRF_ENABLED"] = True
    changes = [(method, address) for method, address in guarded(app) if method != "GET"]
    for method, address in [*changes, ("POST", "/login"), ("POST", "/register")]:
        answer = client.open(address, method=method, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf"), (method, address)
