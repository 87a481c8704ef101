"""The stand-in for Espressif's core gives files that esptool accepts as images of each chip."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.device_sketch.conftest import EXAMPLES, Compile

CHIPS = {"esp32": 0, "esp32s2": 2, "esp32s3": 9, "esp32c3": 5, "esp32c6": 13}
DESCRIPTOR_AT = 32
DESCRIPTOR_MAGIC = 0xABCD5432

pytestmark = pytest.mark.system


def image_info(chip: str, image: Path) -> str:
    """What esptool says of an image; fails when it finds a fault."""
    done = subprocess.run(
        [sys.executable, "-m", "esptool", "--chip", chip, "image-info", str(image)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(("chip", "chip_id"), CHIPS.items())
def test_image_of_each_chip_passes_esptool(compile_sketch: Compile, chip: str, chip_id: int) -> None:
    compiled = compile_sketch(EXAMPLES / "Blink", f"esp32:esp32:{chip}")
    assert compiled.succeeded, compiled.answer["compiler_err"]
    text = image_info(chip, compiled.output / "Blink.ino.bin")
    assert text.count("(valid)") == 2
    assert "Project name: airsketch-stand-in" in text
    image = (compiled.output / "Blink.ino.bin").read_bytes()
    assert struct.unpack_from("<H", image, 12)[0] == chip_id
    assert struct.unpack_from("<I", image, DESCRIPTOR_AT)[0] == DESCRIPTOR_MAGIC


def test_build_leaves_bootloader_and_partition_table(compile_sketch: Compile) -> None:
    compiled = compile_sketch(EXAMPLES / "Blink", "esp32:esp32:esp32c3")
    assert compiled.file("bootloader.bin")[0] == 0xE9
    table = compiled.file("partitions.bin")
    slots = [
        struct.unpack_from("<II", table, at + 4)
        for at in range(0, 0xC00, 32)
        if table[at : at + 2] == b"\xaa\x50" and table[at + 2] == 0
    ]
    assert slots == [(0x10000, 0x140000), (0x150000, 0x140000)]


def test_table_too_big_for_the_slot_is_refused(compile_text: Compile) -> None:
    table = f"const int table[] = {{{','.join(['0x12345678'] * 340_000)}}};\n"
    source = table + "void setup() { Serial.print(table[random(9)]); }\nvoid loop() {}\n"
    compiled = compile_text(source, "esp32:esp32:esp32c3")
    assert not compiled.succeeded
    assert "exceeds available space" in compiled.answer["error"]
