"""Payloads keep their declared keys, and hold no secret."""

from typing import Any, get_type_hints

import pytest
from sqlalchemy.orm import Session

from app import payloads
from app.adapters.artifact_store import DiskArtifactStore
from app.adapters.secrets import AesSecretBox
from app.domain.updates import UpdateState
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
def made(session: Session, secrets: AesSecretBox, sketch_store: MemorySketchStore) -> dict[str, Any]:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account, wifi_sealed=b"sealed wifi")
    build = make_build(session, account=account)
    release = make_release(session, build=build)
    update = make_update(session, device=device, release=release)
    return {
        "AccountPayload": payloads.of_account(account),
        "SketchPayload": payloads.of_sketch(make_sketch(session, account=account, store=sketch_store)),
        "BuildPayload": payloads.of_build(build),
        "DevicePayload": payloads.of_device(device, latest=UpdateState.ARMED, now=START),
        "ReleasePayload": payloads.of_release(release),
        "UpdatePayload": payloads.of_update(update, release),
    }


@pytest.mark.parametrize(
    "name",
    ["AccountPayload", "SketchPayload", "BuildPayload", "DevicePayload", "ReleasePayload", "UpdatePayload"],
)
def test_a_payload_has_exactly_its_declared_keys(made: dict[str, Any], name: str) -> None:
    assert set(made[name]) == set(get_type_hints(getattr(payloads, name)))


def test_times_are_utc_with_a_z(made: dict[str, Any]) -> None:
    assert made["BuildPayload"]["created_at"] == "2026-05-04T12:00:00.000Z"


def test_no_payload_holds_a_secret_or_a_path(made: dict[str, Any], artifacts: DiskArtifactStore) -> None:
    text = str(made)
    for secret in ("password", "sealed", "key_", str(artifacts.folder)):
        assert secret not in text.replace("must_change_password", "")


def test_a_device_tells_only_whether_its_network_is_set(made: dict[str, Any]) -> None:
    assert made["DevicePayload"]["network_is_set"] is True
    assert made["DevicePayload"]["update_status"] == "pending"
