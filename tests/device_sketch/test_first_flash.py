"""From a compile with the stand-in core to a factory image that esptool agrees with, for each chip."""

import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildSpec
from app.builds.tables import Build
from app.devices.rules import KEY_BYTES, WifiSettings
from app.flashing.layout import BOOTLOADER_OFFSETS
from app.flashing.nvs_identity import Wiring
from app.flashing.service import FlashSet
from app.runtime import Runtime
from app.sketches.sources import Sources
from compiler_worker.compile.artifacts import collect_image, collect_others
from tests.device_sketch.conftest import EXAMPLES, Compile
from tests.device_sketch.test_standin_core import CHIPS, image_info
from tests.esp_flash import read_nvs, read_partition_table
from tests.factories import actor_of, make_account, make_build, make_device
from tools.fleet.slots import SLOT_BYTES

pytestmark = pytest.mark.system

SERVER = "http://192.168.1.20:5000"


def esptool(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run esptool in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "esptool", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def collected(
    session: Session, artifacts: DiskArtifactStore, account: Account, chip: str, made: Path
) -> Build:
    """A build with the files that the worker picks from a compile's output."""
    build = make_build(session, account=account, chip=chip, fqbn=f"esp32:esp32:{chip}")
    spec = BuildSpec(
        build_id=build.id,
        sources=Sources.empty("Blink"),
        cache_owner="",
        fqbn=build.fqbn,
        chip=chip,
        slot_bytes=SLOT_BYTES,
    )
    with TemporaryDirectory() as folder:
        image = collect_image(made, spec, Path(folder))
        collect_others(made, spec, Path(folder))
        artifacts.publish(build.id, [(path.name, path.read_bytes()) for path in Path(folder).iterdir()])
    build.sha256 = image.sha256
    session.commit()
    return build


@pytest.fixture(params=sorted(CHIPS))
def flash_set(
    request: pytest.FixtureRequest,
    compile_sketch: Compile,
    session: Session,
    artifacts: DiskArtifactStore,
    services: Runtime,
) -> FlashSet:
    """Everything for the first flash of a bot, from a real compile."""
    chip = str(request.param)
    compiled = compile_sketch(EXAMPLES / "Blink", f"esp32:esp32:{chip}")
    assert compiled.succeeded, compiled.answer["compiler_err"]
    account = make_account(session)
    device = make_device(session, secrets=services.secrets, account=account, product_id="bot_001")
    me = actor_of(account)
    services.devices.set_network(me, device.id, WifiSettings(ssid="home", password="sesame open"))
    build = collected(session, artifacts, account, chip, compiled.output)
    return services.flashing.make(me, device.id, build.id, server=SERVER, wiring=Wiring())


def test_esptool_finds_every_part_in_its_place(flash_set: FlashSet, tmp_path: Path) -> None:
    image = flash_set.as_image()
    table = read_partition_table(image[0x8000:0x8C00])
    app = tmp_path / "app.bin"
    app.write_bytes(image[table["app0"].offset :])
    assert image_info(flash_set.chip, app).count("(valid)") == 2
    bootloader = tmp_path / "bootloader.bin"
    size = next(len(part.data) for part in flash_set.parts if part.name == "bootloader.bin")
    start = BOOTLOADER_OFFSETS[flash_set.chip]
    bootloader.write_bytes(image[start : start + size])
    assert "(valid)" in image_info(flash_set.chip, bootloader)
    nvs = table["nvs"]
    memory = read_nvs(image[nvs.offset : nvs.offset + nvs.size])["airsketch"]
    assert (memory["product_id"], len(bytes.fromhex(memory["device_key"]))) == ("bot_001", KEY_BYTES)


def test_the_factory_image_is_what_esptool_merges(flash_set: FlashSet, tmp_path: Path) -> None:
    for part in flash_set.parts:
        (tmp_path / part.name).write_bytes(part.data)
    places = flash_set.parts_command.split(" write-flash ")[1].split()
    done = esptool("--chip", flash_set.chip, "merge-bin", "-o", "merged.bin", *places, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "merged.bin").read_bytes() == flash_set.as_image()


def test_esptool_understands_the_commands(flash_set: FlashSet, tmp_path: Path) -> None:
    for part in flash_set.parts:
        (tmp_path / part.name).write_bytes(part.data)
    (tmp_path / flash_set.factory_name).write_bytes(flash_set.as_image())
    for command in (flash_set.command, flash_set.parts_command):
        done = esptool("--port", "no-such-port", *shlex.split(command)[1:], folder=tmp_path)
        # Everything was understood when nothing but the port is missing.
        assert "Could not open no-such-port" in done.stdout + done.stderr
