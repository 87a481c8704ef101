"""Safety headers, the nonce, and the cookie."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from config import Settings
from tests.factories import PASSWORD, make_account

Login = Callable[[FlaskClient, Account], FlaskClient]


def policy_of(client: FlaskClient, address: str = "/login", **values: str) -> dict[str, list[str]]:
    policy = client.get(address, **values).headers["Content-Security-Policy"]
    parts = [part.split() for part in policy.split("; ")]
    return {part[0]: part[1:] for part in parts}


def test_the_policy_allows_our_own_files_and_nothing_else(client: FlaskClient) -> None:
    policy = policy_of(client)
    nonce = next(source for source in policy["script-src"] if source.startswith("'nonce-"))
    assert policy == {
        "default-src": ["'none'"],
        "script-src": ["'self'", nonce, "'wasm-unsafe-eval'"],
        "style-src": ["'self'", nonce],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", "ws://localhost"],
        "font-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_the_nonce_is_new_for_every_answer_and_the_one_in_the_page(client: FlaskClient) -> None:
    nonces = set()
    for _ in range(3):
        answer = client.get("/login")
        found = re.search(r"script-src 'self' 'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert found
        assert f'nonce="{found[1]}"' in answer.text
        nonces.add(found[1])
    assert len(nonces) == 3
    assert all(len(nonce) >= 22 for nonce in nonces)


def test_over_tls_the_socket_is_encrypted_and_the_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    answer = client.get("/login", base_url="https://bots.example:8443")
    assert "wss://bots.example:8443" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/login").headers


@pytest.mark.parametrize("host", ["a;script-src *", "a b", "a\tb", "a,b"])
def test_a_strange_host_does_not_get_into_the_policy(client: FlaskClient, host: str) -> None:
    answer = client.get("/login", headers={"Host": host})
    policy = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy
    assert "*" not in policy


@pytest.mark.parametrize("address", ["/login", "/api/v1/me", "/nothing", "/healthz"])
def test_every_answer_has_the_other_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "serial=(self)" in headers["Permissions-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_our_mistakes_have_the_headers_and_no_details(app: APIFlask, session: Session, login: Login) -> None:
    def broken() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/broken", view_func=broken)
    answer = login(app.test_client(), make_account(session)).get("/broken")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers


def test_files_of_ours_may_be_kept_if_asked_again(client: FlaskClient) -> None:
    with client.get("/static/js/early.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["ETag"]


def test_what_a_view_says_itself_stands(app: APIFlask) -> None:
    app.add_url_rule("/static/own", view_func=lambda: ("", 200, {"Cache-Control": "max-age=60"}))
    assert app.test_client().get("/static/own").headers["Cache-Control"] == "max-age=60"


def cookie_after_login(client: FlaskClient, session: Session, **values: str) -> str:
    account = make_account(session)
    form = {"login_name": account.login_name, "password": PASSWORD}
    answer = client.post("/login", data=form, **values)
    return next(cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("airsketch="))


def test_scripts_and_other_sites_do_not_get_the_cookie(client: FlaskClient, session: Session) -> None:
    cookie = cookie_after_login(client, session)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie


def test_over_tls_the_cookie_stays_there(client: FlaskClient, session: Session) -> None:
    assert "Secure" in cookie_after_login(client, session, base_url="https://localhost")


def test_in_production_the_cookie_is_always_secure(app: APIFlask, session: Session) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in cookie_after_login(app.test_client(), session)


def test_production_settings_ask_for_secure_cookies(settings: Settings) -> None:
    from app.http.flask_config import flask_config

    config = flask_config(replace(settings, production=True))
    assert config["SESSION_COOKIE_SECURE"] is True


def test_answers_to_bots_carry_no_headers_for_browsers(client: FlaskClient) -> None:
    answer = client.post("/device/v1/check-in")
    assert "Content-Security-Policy" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
