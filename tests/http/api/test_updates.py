"""Updates over HTTP."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildState
from app.builds.tables import Build
from app.devices.tables import Device
from app.kernel.secret_box import SecretBox
from app.updates.tables import Update
from tests.factories import make_account, make_build, make_device, make_release, make_update, reread
from tests.fakes import FixedClock
from tests.firmware import built


@pytest.fixture
def build(session: Session, artifacts: DiskArtifactStore, owner: Account) -> Build:
    return built(session, artifacts, owner)


@pytest.fixture
def their_update(session: Session, secrets: SecretBox, artifacts: DiskArtifactStore) -> Update:
    other = make_account(session)
    release = make_release(session, build=built(session, artifacts, other))
    return make_update(session, device=make_device(session, secrets=secrets, account=other), release=release)


def test_a_build_is_sent_listed_and_called_back(
    mine: FlaskClient, device: Device, build: Build, clock: FixedClock
) -> None:
    path = f"/api/v1/devices/{device.id}"
    answer = mine.post(f"{path}/send", json={"build_id": build.id})
    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["already_running"]) == ("armed", False)
    assert answer.json["release"]["build_id"] == build.id
    clock.tick()
    second = mine.post(f"{path}/send", json={"build_id": build.id}).json
    listed = mine.get(f"{path}/updates").json["updates"]
    assert [(row["id"], row["state"]) for row in listed] == [
        (second["id"], "armed"),
        (answer.json["id"], "superseded"),
    ]
    cancelled = mine.post(f"/api/v1/updates/{second['id']}/cancel")
    assert (cancelled.status_code, cancelled.json["state"]) == (200, "cancelled")
    again = mine.post(f"/api/v1/updates/{second['id']}/cancel")
    assert (again.status_code, again.json["code"]) == (409, "illegal_transition")


def test_sending_what_runs_already_says_so(
    session: Session, mine: FlaskClient, device: Device, build: Build
) -> None:
    device.image_digest = build.image_digest
    session.commit()
    answer = mine.post(f"/api/v1/devices/{device.id}/send", json={"build_id": build.id})
    assert answer.json["already_running"] is True


def test_a_build_that_did_not_succeed_is_not_sent(
    session: Session, mine: FlaskClient, owner: Account, device: Device
) -> None:
    failed = make_build(session, account=owner, state=BuildState.FAILED)
    answer = mine.post(f"/api/v1/devices/{device.id}/send", json={"build_id": failed.id})
    assert (answer.status_code, answer.json["code"]) == (409, "build_not_finished")


def test_an_image_for_another_chip_is_not_sent(
    session: Session, mine: FlaskClient, device: Device, build: Build
) -> None:
    device.chip = "esp32c3"
    session.commit()
    answer = mine.post(f"/api/v1/devices/{device.id}/send", json={"build_id": build.id})
    assert (answer.status_code, answer.json["code"]) == (422, "wrong_chip")
    assert "esp32c3" in answer.json["detail"]


def test_another_owners_build_and_update_are_not_there(
    session: Session, mine: FlaskClient, device: Device, their_update: Update, artifacts: DiskArtifactStore
) -> None:
    their_build = built(session, artifacts, make_account(session))
    sent = mine.post(f"/api/v1/devices/{device.id}/send", json={"build_id": their_build.id})
    cancelled = mine.post(f"/api/v1/updates/{their_update.id}/cancel")
    assert (sent.status_code, cancelled.status_code) == (404, 404)
    assert reread(session, their_update).state == "armed"


def test_nobody_calls_back_without_a_login(client: FlaskClient, their_update: Update) -> None:
    assert client.post(f"/api/v1/updates/{their_update.id}/cancel").status_code == 401


def test_what_a_bot_runs_is_found_by_its_digest(
    session: Session, mine: FlaskClient, device: Device, build: Build
) -> None:
    path = f"/api/v1/devices/{device.id}/firmware"
    assert mine.get(path).json["running"]["kind"] == "unknown"
    device.image_digest = build.image_digest
    session.commit()
    running = mine.get(path).json["running"]
    assert (running["kind"], running["build_id"], running["version"]) == ("revision", build.id, "r1")


def test_what_another_owners_bot_runs_is_not_told(mine: FlaskClient, their_update: Update) -> None:
    assert mine.get(f"/api/v1/devices/{their_update.device_id}/firmware").status_code == 404
