"""The first flash over USB: what is made for whom, and what is noted."""

import io
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildState
from app.builds.tables import Build
from app.devices import credentials
from app.devices.rules import WifiSettings
from app.devices.tables import Device
from app.events.names import EventName
from app.flashing.nvs_identity import Wiring
from app.flashing.service import FlashSet
from app.kernel.actor import Actor
from app.kernel.errors import AppError, Conflict, NotFound
from app.runtime import Runtime
from tests.esp_flash import esp_build, read_nvs
from tests.factories import DEVICE_KEY, actor_of, make_account, make_device
from tests.fakes import RecordingEvents
from tests.firmware import built, path_of

SERVER = "http://192.168.1.20:5000"


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def device(session: Session, services: Runtime, owner: Account) -> Device:
    made = make_device(session, secrets=services.secrets, account=owner)
    wifi = WifiSettings(ssid="home", password="sesame open")
    return services.devices.set_network(actor_of(owner), made.id, wifi)


@pytest.fixture
def build(session: Session, artifacts: DiskArtifactStore, owner: Account) -> Build:
    return esp_build(session, artifacts, owner)


@pytest.fixture
def me(owner: Account) -> Actor:
    return actor_of(owner, address="10.0.0.9")


def make(
    services: Runtime, me: Actor, device: Device, build: Build, wiring: Wiring | None = None
) -> FlashSet:
    return services.flashing.make(me, device.id, build.id, server=SERVER, wiring=wiring or Wiring())


def test_a_flash_holds_the_build_and_who_the_bot_is(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor
) -> None:
    made = make(services, me, device, build)
    known = credentials.load(session, device_id=device.id, secrets=services.secrets)
    assert known is not None
    assert known.next_key is not None
    by_name = {part.name: part for part in made.parts}
    assert made.chip == "esp32c3"
    assert by_name["firmware.bin"].data == services.artifacts.artifact(build.id, "firmware.bin").read()
    assert read_nvs(by_name["nvs.bin"].data) == {
        "airsketch": {
            "ssid": "home",
            "pass": "sesame open",
            "wifi": "1\nsesame open\nhome",
            "server": SERVER,
            "product_id": device.id,
            "device_key": known.next_key.hex(),
        }
    }
    image = made.as_image()
    assert all(image[part.offset : part.end] == part.data for part in made.parts)


def test_the_authority_goes_into_the_bot(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor
) -> None:
    settings = replace(services.settings, device_ca_pem="-----BEGIN CERTIFICATE-----")
    signed = replace(services, settings=settings)
    made = make(signed, me, device, build)
    memory = next(part.data for part in made.parts if part.name == "nvs.bin")
    assert read_nvs(memory)["airsketch"]["ca"] == "-----BEGIN CERTIFICATE-----"


def test_the_separate_parts_come_with_their_command(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor
) -> None:
    made = make(services, me, device, build)
    with zipfile.ZipFile(io.BytesIO(made.as_zip())) as archive:
        assert {name: archive.read(name) for name in archive.namelist() if name != "flash.txt"} == {
            part.name: part.data for part in made.parts
        }
        command = archive.read("flash.txt").decode()
    assert command == f"{made.parts_command}\n"
    assert "0x10000 firmware.bin" in command


def test_a_plan_names_the_same_places_and_holds_no_secret(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor
) -> None:
    planned, made = services.flashing.plan(me, device.id, build.id), make(services, me, device, build)
    assert [(part.name, part.offset, len(part.data)) for part in planned.parts] == [
        (part.name, part.offset, len(part.data)) for part in made.parts
    ]
    image = planned.as_image()
    known = credentials.load(session, device_id=device.id, secrets=services.secrets)
    assert known is not None
    for key in (known.key, known.next_key or b""):
        assert key.hex().encode() not in image
    assert b"sesame" not in image
    noted = select(AuditEntry).where(AuditEntry.action == "device.usb_flash")
    assert len(session.scalars(noted).all()) == 1


def test_every_making_is_audited(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor
) -> None:
    for _ in range(2):
        make(services, me, device, build)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "device.usb_flash")).all()
    assert [(entry.actor, entry.subject, entry.address) for entry in entries] == [
        (device.account_id, device.id, "10.0.0.9")
    ] * 2


def test_nothing_stays_on_the_disk(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor
) -> None:
    folder = path_of(services.artifacts, build.id).parents[2]

    def files() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    before = files()
    make(services, me, device, build).as_zip()
    assert files() == before


def test_a_flashed_bot_is_told_a_new_key_and_the_page_hears_of_it(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor, events: RecordingEvents
) -> None:
    events.clear()
    memory = next(part.data for part in make(services, me, device, build).parts if part.name == "nvs.bin")
    key = bytes.fromhex(read_nvs(memory)["airsketch"]["device_key"])
    known = credentials.load(session, device_id=device.id, secrets=services.secrets)
    assert known is not None
    assert (known.key, known.next_key) == (DEVICE_KEY, key)
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["credential"] == "over_usb"


@pytest.mark.parametrize(("before", "after"), [(None, None), (False, True), (True, True)])
def test_the_log_is_as_it_was_last_chosen(
    session: Session,
    device: Device,
    build: Build,
    services: Runtime,
    me: Actor,
    before: bool | None,
    after: bool | None,
) -> None:
    device.wants_log = before
    session.commit()
    make(services, me, device, build, Wiring(logs=True))
    assert device.wants_log is after


def test_only_builds_for_real_boards_are_offered(
    session: Session,
    services: Runtime,
    me: Actor,
    device: Device,
    owner: Account,
    build: Build,
    artifacts: DiskArtifactStore,
) -> None:
    built(session, artifacts, owner)
    esp_build(session, artifacts, make_account(session))
    esp_build(session, artifacts, owner, state=BuildState.FAILED)
    found = services.flashing.list_builds(me, device.id)
    assert [row.id for row in found] == [build.id]


def test_somebody_elses_bot_or_build_is_not_there(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor, artifacts: DiskArtifactStore
) -> None:
    stranger = make_account(session)
    theirs = esp_build(session, artifacts, stranger)
    for actor in (actor_of(stranger), me):
        with pytest.raises(NotFound):
            make(services, actor, device, theirs)
        with pytest.raises(NotFound):
            services.flashing.plan(actor, device.id, theirs.id)
    with pytest.raises(NotFound):
        services.flashing.list_builds(actor_of(stranger), device.id)
    assert not session.scalars(select(AuditEntry).where(AuditEntry.action == "device.usb_flash")).all()


def _without_network(device: Device, build: Build, services: Runtime) -> None:
    device.wifi_sealed = None


def _changed_image(device: Device, build: Build, services: Runtime) -> None:
    path_of(services.artifacts, build.id).write_bytes(b"other")


def _no_bootloader(device: Device, build: Build, services: Runtime) -> None:
    path_of(services.artifacts, build.id, "bootloader.bin").unlink()


def _failed(device: Device, build: Build, services: Runtime) -> None:
    build.state = BuildState.FAILED


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_without_network, "no_network"),
        (_changed_image, "image_changed"),
        (_no_bootloader, "not_flashable"),
        (_failed, "build_not_finished"),
    ],
)
def test_what_cannot_be_flashed_is_refused_and_changes_nothing(
    session: Session, device: Device, build: Build, services: Runtime, me: Actor, spoil: object, code: str
) -> None:
    device.counter = "0000000100000001"
    spoil(device, build, services)  # type: ignore[operator]
    session.commit()
    with pytest.raises(AppError) as refusal:
        make(services, me, device, build)
    assert isinstance(refusal.value, Conflict)
    assert refusal.value.code == code
    session.refresh(device)
    assert device.next_key_sealed is None
