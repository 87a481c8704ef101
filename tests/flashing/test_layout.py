"""What a first flash over USB writes where."""

import struct

import pytest

from app.flashing.layout import (
    BOOTLOADER_OFFSETS,
    BuildFiles,
    can_be_flashed,
    factory_command,
    factory_image,
    first_slot_selection,
    lay_out,
    parts_command,
    read_layout,
)
from app.kernel.errors import Invalid
from app.toolchain.rules import CHIP_IDS
from tests.esp_flash import partition_table

FILES = BuildFiles(bootloader=b"B" * 0x5000, partitions=partition_table(), app=b"A" * 1000)
NVS = b"N" * 0x5000


@pytest.mark.parametrize(
    ("chip", "offset"),
    [
        ("esp32", 0x1000),
        ("esp32s2", 0x1000),
        ("esp32s3", 0x0),
        ("esp32c2", 0x0),
        ("esp32c3", 0x0),
        ("esp32c5", 0x2000),
        ("esp32c6", 0x0),
        ("esp32c61", 0x0),
        ("esp32h2", 0x0),
        ("esp32p4", 0x2000),
    ],
)
def test_each_chip_finds_its_bootloader(chip: str, offset: int) -> None:
    parts = {part.name: part.offset for part in lay_out(chip, FILES, NVS)}
    assert parts == {
        "bootloader.bin": offset,
        "partitions.bin": 0x8000,
        "nvs.bin": 0x9000,
        "boot_app0.bin": 0xE000,
        "firmware.bin": 0x10000,
    }


def test_every_known_chip_has_an_offset_and_the_virtual_bot_has_none() -> None:
    assert set(BOOTLOADER_OFFSETS) == set(CHIP_IDS.values())
    assert not can_be_flashed("virtual")
    with pytest.raises(Invalid) as refusal:
        lay_out("virtual", FILES, NVS)
    assert refusal.value.code == "not_flashable"


def test_a_factory_image_holds_each_part_at_its_offset_and_nothing_else() -> None:
    parts = lay_out("esp32", FILES, NVS)
    image = factory_image(parts)
    assert len(image) == 0x10000 + 1000
    for part in parts:
        assert image[part.offset : part.end] == part.data, part.name
    assert set(image[:0x1000]) == set(image[0x6000:0x8000]) == {0xFF}


def test_the_commands_name_chip_and_offsets() -> None:
    assert (
        factory_command("esp32", "bot_001.factory.bin")
        == "esptool --chip esp32 --baud 460800 write-flash 0x0 bot_001.factory.bin"
    )
    assert parts_command("esp32", lay_out("esp32", FILES, NVS)) == (
        "esptool --chip esp32 --baud 460800 write-flash 0x1000 bootloader.bin 0x8000 partitions.bin"
        " 0x9000 nvs.bin 0xe000 boot_app0.bin 0x10000 firmware.bin"
    )


def test_another_partition_table_moves_the_parts() -> None:
    table = partition_table(
        (1, 0x02, 0x9000, 0x6000), (1, 0x00, 0xF000, 0x2000), (0, 0x10, 0x20000, 0x1E0000)
    )
    files = BuildFiles(bootloader=b"B", partitions=table, app=b"A")
    parts = {part.name: part.offset for part in lay_out("esp32s3", files, b"N" * 0x6000)}
    assert (parts["boot_app0.bin"], parts["firmware.bin"]) == (0xF000, 0x20000)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (b"", "no partitions"),
        (b"\xff" * 0xC00, "no partitions"),
        (partition_table((1, 0x02, 0x9000, 0x5000), (0, 0x10, 0x10000, 0x140000)), "no partitions"),
        (partition_table((0, 0x00, 0x10000, 0x140000), (1, 0x02, 0x9000, 0x6000)), "no partitions"),
        (partition_table(digest=b"x" * 16), "digest"),
        (
            partition_table((1, 2, 0x9000, 0x2000), (1, 0, 0xE000, 0x2000), (0, 0x10, 0x10000, 0x140000)),
            "too small",
        ),
    ],
)
def test_a_table_that_cannot_serve_is_refused(table: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refusal:
        read_layout(table)
    assert refusal.value.code == "bad_partition_table"


def test_parts_that_overlap_are_refused() -> None:
    files = BuildFiles(bootloader=b"B" * 0x8001, partitions=partition_table(), app=b"A")
    with pytest.raises(Invalid, match="overlap"):
        lay_out("esp32c3", files, NVS)


def test_an_image_larger_than_its_slot_is_refused() -> None:
    files = BuildFiles(bootloader=b"B", partitions=partition_table(), app=bytes(0x140001))
    with pytest.raises(Invalid) as refusal:
        lay_out("esp32c3", files, NVS)
    assert refusal.value.code == "image_too_big"


def test_the_first_slot_is_selected_with_the_checksum_of_the_bootloader() -> None:
    selection = first_slot_selection(0x2000)
    assert len(selection) == 0x2000
    # The well-known `boot_app0.bin` of Arduino cores.
    assert selection[:4] + selection[28:32] == bytes.fromhex("010000009a984347")
    assert set(selection[4:28] + selection[32:]) == {0xFF}
    assert struct.unpack_from("<I", selection, 24)[0] == 0xFFFFFFFF
