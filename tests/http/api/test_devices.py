"""Bots over HTTP."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.devices.tables import Device
from app.kernel.actor import Role
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from tests.factories import PASSWORD, make_account, make_device, reread

Login = Callable[[FlaskClient, Account], FlaskClient]
WIFI = {"ssid": "home", "password": "sesame open"}


@pytest.fixture
def theirs(session: Session, secrets: SecretBox) -> Device:
    return make_device(session, secrets=secrets, account=make_account(session))


def test_an_owner_sees_their_own_bots_only(mine: FlaskClient, device: Device, theirs: Device) -> None:
    body = mine.get("/api/v1/devices").get_json()
    assert [row["id"] for row in body["devices"]] == [device.id]
    one = mine.get(f"/api/v1/devices/{device.id}").get_json()
    assert one == body["devices"][0]
    assert one["link_name"] == f"{device.id}.ino.bin"


def test_a_maintainer_sees_everybodys(
    client: FlaskClient, session: Session, login: Login, device: Device, theirs: Device
) -> None:
    login(client, make_account(session, role=Role.MAINTAINER))
    body = client.get("/api/v1/devices").get_json()
    assert {row["id"] for row in body["devices"]} == {device.id, theirs.id}
    assert client.get(f"/api/v1/devices/{theirs.id}").status_code == 200
    assert client.put(f"/api/v1/devices/{theirs.id}/network", json=WIFI).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "/network", WIFI),
        ("PUT", "/link", {"open": True}),
        ("GET", "/log", None),
        ("GET", "/updates", None),
        ("POST", "/send", {"build_id": "x"}),
    ],
)
def test_another_owners_bot_is_not_there(
    session: Session, mine: FlaskClient, theirs: Device, method: str, path: str, body: object
) -> None:
    answer = mine.open(f"/api/v1/devices/{theirs.id}{path}", method=method, json=body)
    assert answer.status_code == 404
    theirs = reread(session, theirs)
    assert (theirs.wifi_sealed, theirs.link_is_open) == (None, False)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/claim"),
        ("GET", "/x"),
        ("PUT", "/x/network"),
        ("PUT", "/x/link"),
        ("GET", "/x/log"),
        ("GET", "/x/updates"),
        ("POST", "/x/send"),
    ],
)
def test_nobody_gets_in_without_a_login(client: FlaskClient, method: str, path: str) -> None:
    assert client.open(f"/api/v1/devices{path}", method=method, json={}).status_code == 401


def test_wifi_is_taken_and_never_given_back(mine: FlaskClient, device: Device) -> None:
    answer = mine.put(f"/api/v1/devices/{device.id}/network", json=WIFI)
    assert answer.status_code == 200
    assert (answer.json["network_is_set"], answer.json["network_revision"]) == (True, 1)
    for text in (answer.text, mine.get("/api/v1/devices").text):
        assert "sesame" not in text
        assert '"home"' not in text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ssid": "", "password": ""}, "ssid"),
        ({"ssid": "ü" * 17}, "ssid"),
        ({"ssid": "home", "password": "short"}, "password"),
    ],
)
def test_wrong_wifi_names_the_field(
    mine: FlaskClient, device: Device, body: dict[str, str], field: str
) -> None:
    answer = mine.put(f"/api/v1/devices/{device.id}/network", json=body)
    assert (answer.status_code, answer.json["field"]) == (422, field)


def test_the_link_is_opened_and_closed(mine: FlaskClient, device: Device) -> None:
    for is_open in (True, False):
        answer = mine.put(f"/api/v1/devices/{device.id}/link", json={"open": is_open})
        assert answer.json["link_is_open"] is is_open


def test_a_further_bot_is_claimed(session: Session, secrets: SecretBox, mine: FlaskClient) -> None:
    make_device(session, secrets=secrets, product_id="bot_spare")
    body = {"product_id": "bot_spare", "password": PASSWORD}
    answer = mine.post("/api/v1/devices/claim", json=body)
    assert (answer.status_code, answer.json["id"]) == (201, "bot_spare")
    refused = mine.post("/api/v1/devices/claim", json={**body, "password": "another password"})
    assert refused.status_code in {403, 409}


def test_the_log_of_a_bot_is_read(mine: FlaskClient, device: Device, services: Runtime) -> None:
    path = f"/api/v1/devices/{device.id}/log"
    assert mine.get(path).get_json() == {"device_id": device.id, "start": 0, "lines": [], "dropped": 0}
    services.device_logs.append(device_id=device.id, counter="1" * 16, lines=["hello"], dropped=2)
    assert mine.get(path).get_json() == {
        "device_id": device.id,
        "start": 0,
        "lines": [{"at": "2026-05-04T12:00:00.000Z", "text": "hello"}],
        "dropped": 2,
    }


def test_the_log_is_switched_by_the_owner_and_the_switch_is_audited(
    session: Session, mine: FlaskClient, device: Device, theirs: Device
) -> None:
    for send in (True, True, False):
        answer = mine.put(f"/api/v1/devices/{device.id}/log", json={"send": send})
        assert (answer.status_code, answer.json["wants_log"]) == (200, send)
    noted = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert noted[-2:] == ["device.log_on", "device.log_off"]
    assert noted.count("device.log_on") == 1
    assert mine.put(f"/api/v1/devices/{theirs.id}/log", json={"send": True}).status_code == 404
    assert mine.put(f"/api/v1/devices/{device.id}/log", json={"send": "often"}).status_code == 422
