"""Payloads keep their declared keys, and hold no secret."""

from types import ModuleType
from typing import Any, get_type_hints

import pytest
from sqlalchemy.orm import Session

from app.accounts import payload as accounts_payload
from app.accounts.payload import of_account
from app.builds import payload as builds_payload
from app.builds.artifact_store import DiskArtifactStore
from app.builds.payload import of_build
from app.devices import payload as devices_payload
from app.devices.payload import of_device
from app.kernel.secret_box import SecretBox
from app.sketches import payload as sketches_payload
from app.sketches.payload import of_sketch
from app.updates import payload as updates_payload
from app.updates.payload import of_release, of_update
from app.updates.rules import UpdateState
from tests.factories import (
    make_account,
    make_build,
    make_device,
    make_release,
    make_sketch,
    make_update,
)
from tests.fakes import START, MemorySketchStore


@pytest.fixture
def made(session: Session, secrets: SecretBox, sketch_store: MemorySketchStore) -> dict[str, Any]:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account, wifi_sealed=b"sealed wifi")
    build = make_build(session, account=account)
    release = make_release(session, build=build)
    update = make_update(session, device=device, release=release)
    return {
        "AccountPayload": of_account(account),
        "SketchPayload": of_sketch(make_sketch(session, account=account, store=sketch_store)),
        "BuildPayload": of_build(build),
        "DevicePayload": of_device(device, latest=UpdateState.ARMED, now=START),
        "ReleasePayload": of_release(release),
        "UpdatePayload": of_update(update, release),
    }


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (accounts_payload, "AccountPayload"),
        (sketches_payload, "SketchPayload"),
        (builds_payload, "BuildPayload"),
        (devices_payload, "DevicePayload"),
        (updates_payload, "ReleasePayload"),
        (updates_payload, "UpdatePayload"),
    ],
)
def test_a_payload_has_exactly_its_declared_keys(made: dict[str, Any], module: ModuleType, name: str) -> None:
    assert set(made[name]) == set(get_type_hints(getattr(module, name)))


def test_times_are_utc_with_a_z(made: dict[str, Any]) -> None:
    assert made["BuildPayload"]["created_at"] == "2026-05-04T12:00:00.000Z"


def test_no_payload_holds_a_secret_or_a_path(made: dict[str, Any], artifacts: DiskArtifactStore) -> None:
    text = str(made)
    for secret in ("password", "sealed", "key_", str(artifacts.folder)):
        assert secret not in text.replace("must_change_password", "")


def test_a_device_tells_only_whether_its_network_is_set(made: dict[str, Any]) -> None:
    assert made["DevicePayload"]["network_is_set"] is True
    assert made["DevicePayload"]["update_status"] == "pending"
