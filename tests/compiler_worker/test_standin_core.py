"""The way of an `esp32:esp32` board through the worker, on the stand-in core."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.builds.rules import BuildState, FailureReason
from app.toolchain.rules import Fqbn
from compiler_worker.arduino.catalog import read_catalog
from compiler_worker.arduino.toolchain import Toolchain
from compiler_worker.arduino.warm_cache import WarmCache
from compiler_worker.sandbox.jail import Mount
from tests.compiler_worker.conftest import SETUP, Bench
from tests.standin_core.sketchbook import make_sketchbook

pytestmark = pytest.mark.system

BLINK = "void setup() { pinMode(2, OUTPUT); }\nvoid loop() { digitalWrite(2, HIGH); delay(500); }\n"
CHIPS = {
    "esp32:esp32:esp32": "esp32",
    "esp32:esp32:esp32s2": "esp32s2",
    "esp32:esp32:esp32s3": "esp32s3",
    "esp32:esp32:esp32c3": "esp32c3",
    "esp32:esp32:esp32c6": "esp32c6",
}


@pytest.fixture(scope="module")
def esp_bench(toolchain: Toolchain, warm_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Compiles with a sketchbook that holds the stand-in core; it runs the esptool of this Python."""
    folder = tmp_path_factory.mktemp("esp")
    book = make_sketchbook(folder / "book")
    prefixes = {Path(sys.prefix).absolute(), Path(sys.base_prefix).resolve()}
    python = tuple(Mount(source=path, target=path) for path in prefixes if not path.is_relative_to("/usr"))
    tools = replace(toolchain, sketchbook=book, extra=python)
    return Bench(tools, read_catalog(tools), WarmCache(warm_dir), folder)


@pytest.mark.parametrize(("fqbn", "chip"), CHIPS.items())
def test_image_is_made_for_the_chip_of_the_board(esp_bench: Bench, fqbn: str, chip: str) -> None:
    done = esp_bench.compile(BLINK, name="Blink", fqbn=Fqbn(fqbn))
    assert (done.result.state, done.result.message) == (BuildState.SUCCEEDED, ""), done.log
    assert done.result.image is not None
    assert done.result.image.chip == chip
    names = {facts.name for facts in done.result.artifacts}
    assert {"firmware.bin", "firmware.elf", "bootloader.bin", "partitions.bin", "manifest.json"} <= names
    assert done.result.core_version == "3.0.4"


def test_catalog_offers_the_boards_of_the_core(esp_bench: Bench) -> None:
    offered = {board.fqbn: board for board in esp_bench.catalog.boards}
    for fqbn, chip in CHIPS.items():
        board = offered[Fqbn(fqbn)]
        assert (board.available, board.chip, board.slot_bytes) == (True, chip, 1_310_720)
        assert board.toolchain_key != offered[Fqbn("airsketch:virtual:bot")].toolchain_key


def test_image_larger_than_the_slot_is_refused(esp_bench: Bench) -> None:
    big = (
        "const char big[1400000] = {1, 2, 3};\n"
        "void setup() { Serial.print(big[millis()]); }\n"
        "void loop() {}\n"
    )
    done = esp_bench.compile(big, fqbn=Fqbn("esp32:esp32:esp32c3"))
    assert (done.result.state, done.result.reason) == (BuildState.FAILED, FailureReason.TOO_BIG)


def test_hostile_sketch_finds_nothing_there_either(esp_bench: Bench) -> None:
    done = esp_bench.compile('#include "/etc/passwd"' + SETUP, fqbn=Fqbn("esp32:esp32:esp32c3"))
    assert done.result.reason is FailureReason.COMPILE_ERROR
