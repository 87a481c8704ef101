"""Every request has an id: in its answer, and on each line that is logged while it is answered."""

import re
from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask import Response
from flask.testing import FlaskClient

from app.accounts.tables import Account
from app.devices.tables import Device
from app.kernel.logging import bound_facts
from tests.http.device.conftest import Bot
from tests.logs import Log


@pytest.fixture
def failing(
    app: APIFlask, client: FlaskClient, owner: Account, login: Callable[[FlaskClient, Account], FlaskClient]
) -> FlaskClient:
    """An owner in front of a page that breaks."""

    def broken(device_id: str) -> Response:
        raise RuntimeError("broken on purpose")

    app.add_url_rule("/api/v1/broken/<device_id>", view_func=broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return login(client, owner)


@pytest.mark.parametrize("path", ["/login", "/api/v1/me", "/nothing", "/device/v1/check-in", "/static/no.js"])
def test_an_answer_names_its_request(client: FlaskClient, path: str) -> None:
    first, second = (client.get(path).headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second


def test_the_id_that_a_proxy_gave_is_kept(client: FlaskClient) -> None:
    given = "0af7651916cd43dd-8448"
    assert client.get("/login", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "has blanks in it", "level=error", 'quo"te-quo"te'])
def test_an_id_that_is_none_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/login", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_a_failure_is_logged_with_request_and_subject(failing: FlaskClient, log: Log) -> None:
    answer = failing.get("/api/v1/broken/bot_7")
    (line,) = log.lines("request_failed")
    assert answer.status_code == 500
    assert f"request_id={answer.headers['X-Request-ID']}" in line
    assert "device_id=bot_7" in line
    assert "broken on purpose" in line


def test_nothing_stays_bound_behind_a_request(failing: FlaskClient) -> None:
    failing.get("/api/v1/broken/bot_7").close()
    assert bound_facts() == {}


def test_a_signed_call_binds_its_bot_and_a_forged_one_does_not(
    client: FlaskClient, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, str]] = []

    def note(*_args: object, **_facts: object) -> None:
        seen.append(dict(bound_facts()))
        raise RuntimeError("seen enough")

    monkeypatch.setattr("app.http.device.native.read_body", note)
    client.application.extensions["device_app"].config["PROPAGATE_EXCEPTIONS"] = False
    Bot(client, device.id, key=b"x" * 32).check_in()
    assert seen == []
    answer = Bot(client, device.id).check_in()
    assert seen == [{"request_id": answer.headers["X-Request-ID"], "device_id": device.id}]
