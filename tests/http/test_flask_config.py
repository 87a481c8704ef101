"""Flask's configuration."""

from dataclasses import replace

from flask import Flask, request

from app.http.flask_config import flask_config, trust_proxies
from config import Settings


def test_cookies_are_out_of_reach_of_scripts_and_strangers(settings: Settings) -> None:
    config = flask_config(settings)
    assert config["SESSION_COOKIE_HTTPONLY"] is True
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_production_sends_cookies_over_tls_only(settings: Settings) -> None:
    assert flask_config(replace(settings, production=True))["SESSION_COOKIE_SECURE"] is True


def _address_behind(proxies: int) -> str:
    app = Flask("test")
    trust_proxies(app, proxies)

    @app.get("/")
    def address() -> str:
        return request.remote_addr or ""

    return app.test_client().get("/", headers={"X-Forwarded-For": "203.0.113.9"}).text


def test_a_forwarded_address_is_believed_only_behind_a_proxy() -> None:
    assert _address_behind(0) == "127.0.0.1"
    assert _address_behind(1) == "203.0.113.9"
