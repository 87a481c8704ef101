"""Requests that libraries or databases fail on are refused in front of both applications."""

import base64
import runpy

import pytest
from flask.testing import FlaskClient
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from app.http.malformed import refuse_malformed
from config import ROOT, Settings

KEY = base64.b64encode(bytes(16)).decode()
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}


@pytest.mark.parametrize("path", ["/login", "/device/v1/check-in", "/bot_001.ino.bin", "/nothing"])
@pytest.mark.parametrize("host", ["a" * 300, "a..b", ".a"])
def test_a_host_that_no_domain_can_have_is_refused(client: FlaskClient, path: str, host: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "path", ["/bot%00.ino.bin", "/api/v1/builds/%00", "/device/v1/firmware/%00", "/login%00"]
)
def test_no_path_has_a_zero_byte(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert client.get("/login?next=%00").status_code == 400


@Request.application
def opened(_request: Request) -> Response:
    return Response("opened")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"Upgrade": "WebSocket"}, 200),
        ({"Sec-WebSocket-Key": ""}, 400),
        ({"Sec-WebSocket-Key": "\xff"}, 400),
        ({"Sec-WebSocket-Key": "AAAA"}, 400),
        ({"Sec-WebSocket-Version": "12"}, 400),
        ({"Connection": "close"}, 400),
        ({"Upgrade": "h2c"}, 400),
    ],
)
def test_only_a_whole_handshake_reaches_the_sockets(changes: dict[str, str], status: int) -> None:
    client = Client(refuse_malformed(opened))
    assert (
        client.get("/socket.io/?transport=websocket", headers={**HANDSHAKE, **changes}).status_code == status
    )


def test_other_requests_pass(client: FlaskClient) -> None:
    for host in ("localhost:5000", "[::1]:5000", "bücher.example".encode("idna").decode()):
        assert client.get("/login", headers={"Host": host}).status_code == 200


def test_nobody_sets_a_prefix_of_our_addresses(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.settings_or_exit", lambda: settings)
    config = Config()
    config.set("forwarder_headers", runpy.run_path(str(ROOT / "gunicorn.conf.py"))["forwarder_headers"])
    sent = [b"GET /login HTTP/1.1\r\nHost: a\r\nSCRIPT_NAME: /x\r\n\r\n"]
    request = next(RequestParser(config, sent, ("127.0.0.1", 1)))
    assert [name for name, _ in request.headers] == ["HOST"]
