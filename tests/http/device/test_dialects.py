"""One table says which addresses belong to bots."""

import pytest
from apiflask import APIFlask
from flask import Blueprint, Response
from flask.testing import FlaskClient

from app.http.device import device_app, dialects
from app.http.device.device_app import in_front, make_device_app
from app.http.device.dialects import DIALECTS, Dialect, dialect_of


def test_each_blueprint_lies_below_the_prefix_of_its_dialect() -> None:
    for dialect in DIALECTS:
        assert dialect.prefix.endswith("/")
        assert dialect.blueprint.url_prefix == dialect.prefix.rstrip("/")


def test_no_prefix_hides_another() -> None:
    prefixes = [dialect.prefix for dialect in DIALECTS]
    assert not [one for one in prefixes for other in prefixes if one != other and one.startswith(other)]


@pytest.mark.parametrize("path", ["/device/v1/check-in", "/device/v1/", "/device/v1/no/such"])
def test_addresses_of_bots_are_known_by_their_prefix(path: str) -> None:
    dialect = dialect_of(path)
    assert dialect is not None
    assert dialect.prefix == "/device/v1/"


@pytest.mark.parametrize("path", ["/", "/devices", "/device/v2/x", "/api/v1/devices", "/bot_001.ino.bin"])
def test_all_others_belong_to_pages(path: str) -> None:
    assert dialect_of(path) is None


@pytest.fixture
def foreign(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a server that speaks one more dialect, below an address that looks like the pages' API."""
    blueprint = Blueprint("foreign", __name__, url_prefix="/api/firmware")
    blueprint.add_url_rule("/poll", view_func=lambda: "nothing new")
    plain = Dialect(
        prefix="/api/firmware/",
        blueprint=blueprint,
        render_error=lambda status, code, detail, details: Response(code, status=status),
    )
    table = (*DIALECTS, plain)
    monkeypatch.setattr(dialects, "DIALECTS", table)
    monkeypatch.setattr(device_app, "DIALECTS", table)
    app.wsgi_app = in_front(make_device_app(app), app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app.test_client()


def test_another_dialect_needs_a_line_in_the_table_only(app: APIFlask, foreign: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert foreign.get("/api/firmware/poll").text == "nothing new"
    unknown = foreign.post("/api/firmware/none")
    assert (unknown.status_code, unknown.text) == (404, "not_found"), "its own form of errors, no login"
    assert foreign.get("/device/v1/none").json["code"] == "not_found"
    assert foreign.get("/api/v1/me").json["code"] == "not_logged_in"
