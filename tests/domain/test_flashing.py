"""What a first flash by wire writes where."""

import struct

import pytest

from app.domain.boards import CHIP_IDS
from app.domain.errors import Invalid
from app.domain.flashing import (
    BOOTLOADER_OFFSETS,
    BuildFiles,
    Identity,
    can_be_flashed,
    check_nvs_key,
    factory_command,
    factory_image,
    first_slot_selection,
    lay_out,
    parse_server,
    parts_command,
    read_layout,
)
from tests.esp_flash import partition_table

FILES = BuildFiles(bootloader=b"B" * 0x5000, partitions=partition_table(), app=b"A" * 1000)
NVS = b"N" * 0x5000
IDENTITY = Identity(
    product_id="bot_001",
    device_key=bytes(range(32)),
    server="http://192.168.1.20:5000",
    ssid="home",
    password="sesame open",
)


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
        (b"", "lacks"),
        (b"\xff" * 0xC00, "lacks"),
        (partition_table((1, 0x02, 0x9000, 0x5000), (0, 0x10, 0x10000, 0x140000)), "lacks"),
        (partition_table((0, 0x00, 0x10000, 0x140000), (1, 0x02, 0x9000, 0x6000)), "lacks"),
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


def test_a_bot_is_told_who_it_is() -> None:
    assert dict(IDENTITY.entries()) == {
        "ssid": "home",
        "pass": "sesame open",
        "server": "http://192.168.1.20:5000",
        "product_id": "bot_001",
        "device_key": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    }
    with_ca = Identity(
        product_id="bot_001", device_key=bytes(32), server="", ssid="", password="", ca_pem="PEM"
    )
    assert dict(with_ca.entries())["ca"] == "PEM"
    for key, _text in with_ca.entries():
        check_nvs_key(key)


@pytest.mark.parametrize("key", ["", "a" * 16, "schlüssel"])
def test_a_key_that_nvs_cannot_find_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="NVS key"):
        check_nvs_key(key)
    assert check_nvs_key("a" * 15) == "a" * 15


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("http://192.168.1.20:5000", "http://192.168.1.20:5000"),
        (" https://Bots.example.org/ ", "https://bots.example.org"),
        ("http://[fd00::1]:80", "http://[fd00::1]:80"),
        ("http://bench.local", "http://bench.local"),
    ],
)
def test_a_server_address_is_put_into_one_form(said: str, expected: str) -> None:
    assert parse_server(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "",
        "bots.example.org",
        "ftp://bots.example.org",
        "http://",
        "http://a b",
        "http://a/path",
        "http://user:pass@a",
        "http://a?x=1",
        "http://a#x",
        "http://a:99999",
        "http://[::1",
        "http://ä.example",
        "https://" + "a" * 130,
    ],
)
def test_a_server_address_that_leads_nowhere_is_refused(said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_server(said)
    assert refusal.value.details["field"] == "server"
