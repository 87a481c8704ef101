"""What leaves the server: payloads keep their declared keys, and no answer holds a secret or a path."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, get_type_hints

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.payload import of_account
from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.payload import of_build
from app.builds.tables import Build
from app.devices.payload import of_device_log
from app.devices.rules import WifiSettings
from app.devices.tables import Device, DeviceLog
from app.http.api.openapi import PREFIX
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from app.sketches.payload import of_revision, of_sketch
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain.payload import of_catalog
from app.updates.payload import of_release, of_update
from app.updates.tables import Release, Update
from config import ROOT, Settings
from tests.factories import (
    actor_of,
    make_account,
    make_board,
    make_device,
    make_release,
    make_sketch,
    make_update,
)
from tests.fakes import MemorySketchStore, RecordingEvents
from tests.firmware import built

Login = Callable[[FlaskClient, Account], FlaskClient]

DEVICE_KEY = b"canary: the key of a device 0001"
NEXT_KEY = b"canary: its next key, not in use"
WIFI = WifiSettings(ssid="canary-network", password="canary-wifi-password")
DEVICE_PASSWORD_HASH = "canary-hash-of-a-device"
# What an argument of an address is called where it has a real value here.
ARGUMENTS = {"number": 1, "name": "firmware.bin"}


@dataclass(frozen=True)
class World:
    """One row of everything that belongs to an owner, with canaries in each secret column."""

    account: Account
    device: Device
    sketch: Sketch
    build: Build
    update: Update


@pytest.fixture
def world(
    session: Session,
    services: Runtime,
    secrets: SecretBox,
    artifacts: DiskArtifactStore,
    sketch_store: MemorySketchStore,
) -> World:
    make_board(session)
    account = make_account(session)
    key_context = f"device_key:{account.login_name}"
    device = make_device(
        session,
        secrets=secrets,
        account=account,
        key=DEVICE_KEY,
        next_key_sealed=secrets.seal(NEXT_KEY, context=key_context),
        password_hash=DEVICE_PASSWORD_HASH,
    )
    services.devices.set_network(actor_of(account), device.id, WIFI)
    services.device_logs.append(device_id=device.id, counter="f" * 16, lines=["hello"], dropped=0)
    sketch = make_sketch(session, account=account, store=sketch_store)
    build = built(session, artifacts, account, sketch=sketch)
    release = make_release(session, build=build)
    device.sent_release_id = release.id
    update = make_update(session, device=device, release=release)
    return World(account=account, device=device, sketch=sketch, build=build, update=update)


@pytest.fixture
def made(session: Session, services: Runtime, world: World) -> dict[str, Any]:
    """A payload of each maker, by the name of its type."""
    release = session.get_one(Release, world.update.release_id)
    log = session.get_one(DeviceLog, world.device.id)
    revision = session.get_one(SketchRevision, (world.sketch.id, 1))
    return {
        "AccountPayload": of_account(world.account),
        "SketchPayload": of_sketch(world.sketch),
        "RevisionPayload": of_revision(revision),
        "BuildPayload": of_build(world.build),
        "CatalogPayload": of_catalog(services.toolchain.catalog()),
        "DevicePayload": services.devices.payload(world.device),
        "DeviceLogPayload": of_device_log(log, log.lines),
        "ReleasePayload": of_release(release),
        "UpdatePayload": of_update(world.update, release),
    }


def makers() -> dict[str, Any]:
    """The return types of all payload makers, by name."""
    found = {}
    for path in (ROOT / "app").glob("*/payload.py"):
        module = import_module(f"app.{path.parent.name}.payload")
        for name in (name for name in vars(module) if name.startswith("of_")):
            kind = get_type_hints(getattr(module, name))["return"]
            found[kind.__name__] = kind
    return found


def canaries(settings: Settings, world: World) -> list[bytes]:
    """What must never leave, in each spelling that it could leave in."""
    device = world.device
    secret_bytes = [
        DEVICE_KEY,
        NEXT_KEY,
        settings.encryption_key,
        *(sealed for sealed in (device.key_sealed, device.next_key_sealed, device.wifi_sealed) if sealed),
    ]
    texts = [WIFI.ssid, WIFI.password, world.account.password_hash, DEVICE_PASSWORD_HASH, settings.secret_key]
    folders = [settings.instance_dir, settings.builds_dir, settings.sketches_dir, settings.tools_dir, ROOT]
    return [
        *secret_bytes,
        *(value.hex().encode() for value in secret_bytes),
        *(base64.b64encode(value).rstrip(b"=") for value in secret_bytes),
        *(base64.urlsafe_b64encode(value).rstrip(b"=") for value in secret_bytes),
        *(text.encode() for text in texts),
        *(str(folder).encode() for folder in folders),
    ]


def assert_clean(answers: dict[str, bytes], forbidden: list[bytes]) -> None:
    assert [(name, canary) for name, text in answers.items() for canary in forbidden if canary in text] == []


def test_each_maker_of_payloads_is_tried_here(made: dict[str, Any]) -> None:
    assert set(made) == set(makers())


def test_a_payload_has_exactly_its_declared_keys(made: dict[str, Any]) -> None:
    assert {name: set(body) for name, body in made.items()} == {
        name: set(get_type_hints(kind)) for name, kind in makers().items()
    }


def test_times_are_utc_with_a_z(made: dict[str, Any]) -> None:
    assert made["BuildPayload"]["created_at"] == "2026-05-04T12:00:00.000Z"


def test_a_device_tells_only_whether_its_network_is_set(made: dict[str, Any]) -> None:
    assert made["DevicePayload"]["network_is_set"] is True


def test_no_payload_and_no_event_holds_a_secret_or_a_path(
    made: dict[str, Any], world: World, settings: Settings, events: RecordingEvents
) -> None:
    answers = {name: json.dumps(body).encode() for name, body in made.items()}
    answers |= {f"event {event.name}": json.dumps(event.body).encode() for event in events.events}
    assert {"event device.changed", "event device.log"} <= set(answers)
    assert_clean(answers, canaries(settings, world))


def calls(app: APIFlask, values: dict[str, Any], *methods: str) -> Iterator[tuple[str, str]]:
    """Method and address of each route of the page API."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX):
            with app.test_request_context():
                found = rule.build({name: values.get(name, "unknown") for name in rule.arguments})
            assert found is not None
            yield from ((method, found[1]) for method in methods if method in (rule.methods or ()))


def test_nothing_that_can_be_read_holds_a_secret_or_a_path(
    app: APIFlask, client: FlaskClient, login: Login, world: World, settings: Settings
) -> None:
    login(client, world.account)
    values = {
        **ARGUMENTS,
        "device_id": world.device.id,
        "sketch_id": world.sketch.id,
        "build_id": world.build.id,
        "update_id": world.update.id,
    }
    answers = {}
    for method, address in calls(app, values, "GET"):
        with client.open(address, method=method) as answer:
            answers[f"{method} {address} {answer.status_code}"] = answer.data
    assert sum(name.endswith(" 200") for name in answers) > 15, sorted(answers)
    assert_clean(answers, canaries(settings, world))


def test_no_refusal_holds_a_secret_or_a_path(
    app: APIFlask,
    client: FlaskClient,
    login: Login,
    world: World,
    settings: Settings,
    sketch_store: MemorySketchStore,
    artifacts: DiskArtifactStore,
) -> None:
    login(client, world.account)
    forbidden = canaries(settings, world)
    # Rows whose files are gone are refused too.
    sketch_store.stored.clear()
    artifacts.remove(world.build.id)
    known = {"sketch_id": world.sketch.id, "build_id": world.build.id, "name": "firmware.bin", "number": 1}
    answers = {}
    for values in ({"number": 7}, known):
        for method, address in calls(app, values, "GET", "POST", "PUT", "PATCH", "DELETE"):
            if method == "GET" or values is not known:
                with client.open(address, method=method, json={}) as answer:
                    if answer.status_code >= 400:
                        answers[f"{method} {address} {answer.status_code}"] = answer.data
    assert sum(name.endswith(" 404") for name in answers) > 15, sorted(answers)
    assert_clean(answers, forbidden)
