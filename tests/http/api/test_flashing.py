"""The first flash over USB over HTTP: who gets secrets, and how they travel."""

import io
import zipfile
from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.builds.artifact_store import DiskArtifactStore
from app.builds.tables import Build
from app.devices.rules import KEY_BYTES
from app.devices.tables import Device
from app.kernel.actor import Role
from tests.esp_flash import esp_build, read_nvs
from tests.factories import DEVICE_KEY, make_account, reread

Login = Callable[[FlaskClient, Account], FlaskClient]
SERVER = {"server": "http://192.168.1.20:5000"}


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session, login_name="bot_mine")


@pytest.fixture
def build(session: Session, artifacts: DiskArtifactStore, owner: Account) -> Build:
    return esp_build(session, artifacts, owner)


@pytest.fixture
def path(mine: FlaskClient, device: Device, build: Build) -> str:
    """The address of a bot's first flash, its network set."""
    wifi = {"ssid": "home", "password": "sesame open"}
    assert mine.put(f"/api/v1/devices/{device.id}/network", json=wifi).status_code == 200
    return f"/api/v1/devices/{device.id}/usb-flash/{build.id}"


def test_an_owner_chooses_among_builds(mine: FlaskClient, device: Device, build: Build) -> None:
    body = mine.get(f"/api/v1/devices/{device.id}/usb-flash").get_json()
    assert [row["id"] for row in body["builds"]] == [build.id]
    assert (body["server"], body["has_authority"]) == ("http://localhost", False)


def test_a_plan_tells_offsets_sizes_and_commands(mine: FlaskClient, path: str) -> None:
    body = mine.get(path).get_json()
    assert [(part["name"], part["offset"], part["is_secret"]) for part in body["parts"]] == [
        ("bootloader.bin", 0x0, False),
        ("partitions.bin", 0x8000, False),
        ("nvs.bin", 0x9000, True),
        ("boot_app0.bin", 0xE000, False),
        ("firmware.bin", 0x10000, False),
    ]
    assert body["chip"] == "esp32c3"
    assert body["command"].endswith("write-flash 0x0 bot_mine.factory.bin")
    assert body["parts_command"].endswith("0x10000 firmware.bin")
    assert body["factory_bytes"] == body["parts"][-1]["offset"] + body["parts"][-1]["size_bytes"]


def test_a_factory_image_is_made_fresh_and_kept_by_nobody(
    mine: FlaskClient, path: str, session: Session
) -> None:
    answer = mine.post(f"{path}/factory", json=SERVER)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bot_mine.factory.bin"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers
    memory = read_nvs(answer.data[0x9000:0xE000])["airsketch"]
    assert memory["server"] == SERVER["server"]
    assert len(bytes.fromhex(memory["device_key"])) == KEY_BYTES
    assert memory["device_key"] != DEVICE_KEY.hex()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject, entry.address) == ("device.usb_flash", "bot_mine", "127.0.0.1")


def test_the_parts_come_in_one_archive(mine: FlaskClient, path: str) -> None:
    answer = mine.post(f"{path}/parts", json=SERVER)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bot_mine.factory.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert read_nvs(archive.read("nvs.bin"))["airsketch"]["ssid"] == "home"


@pytest.mark.parametrize("kind", ["factory", "parts"])
def test_secrets_are_not_given_by_a_link(mine: FlaskClient, path: str, kind: str) -> None:
    assert mine.get(f"{path}/{kind}").status_code == 405
    assert mine.post(f"{path}/{kind}").status_code in {400, 415, 422}
    assert mine.post(f"{path}/{kind}", json={"server": "file:///etc"}).status_code == 422


def test_what_is_connected_to_the_bot_goes_into_its_memory(mine: FlaskClient, path: str) -> None:
    answer = mine.post(f"{path}/factory", json={**SERVER, "trigger_pin": 9, "led_pin": 8, "logs": True})
    memory = read_nvs(answer.data[0x9000:0xE000])["airsketch"]
    assert [memory.get(key) for key in ("trig_pin", "led_pin", "log", "say")] == ["9", "8", "1", None]
    for pin in (-1, 55, "x"):
        assert mine.post(f"{path}/factory", json={**SERVER, "led_pin": pin}).status_code == 422


@pytest.mark.parametrize("kind", ["factory", "parts"])
def test_a_forged_request_gets_nothing(app: APIFlask, mine: FlaskClient, path: str, kind: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = mine.post(f"{path}/{kind}", json=SERVER)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf")


@pytest.mark.parametrize("role", [Role.OWNER, Role.MAINTAINER])
def test_nobody_but_the_owner_gets_anything(
    app: APIFlask, path: str, session: Session, login: Login, role: Role, device: Device
) -> None:
    stranger = login(app.test_client(), make_account(session, role=role))
    base = f"/api/v1/devices/{device.id}"
    calls = [
        ("GET", f"{base}/usb-flash"),
        ("GET", path),
        ("POST", f"{path}/factory"),
        ("POST", f"{path}/parts"),
        ("POST", f"{base}/key"),
        ("DELETE", f"{base}/key"),
        ("GET", f"/devices/{device.id}/flash"),
    ]
    for method, address in calls:
        body = SERVER if method == "POST" else None
        assert stranger.open(address, method=method, json=body).status_code == 404, address
    for method, address in calls:
        body = SERVER if method == "POST" else None
        status = app.test_client().open(address, method=method, json=body).status_code
        assert status in {401, 302}, address


def test_a_key_is_renewed_and_revoked_without_being_shown(
    mine: FlaskClient, device: Device, session: Session
) -> None:
    renewed = mine.post(f"/api/v1/devices/{device.id}/key")
    assert (renewed.status_code, renewed.get_json()["credential"]) == (200, "renewed")
    revoked = mine.delete(f"/api/v1/devices/{device.id}/key")
    assert (revoked.status_code, revoked.get_json()["credential"]) == (200, "revoked")
    device = reread(session, device)
    for key in (device.key_sealed, device.next_key_sealed or b""):
        assert key.hex() not in renewed.text + revoked.text


def test_the_page_of_the_first_flash_opens_for_its_owner(mine: FlaskClient, device: Device) -> None:
    answer = mine.get(f"/devices/{device.id}/flash")
    assert answer.status_code == 200
    assert 'data-device-id="bot_mine"' in answer.text
