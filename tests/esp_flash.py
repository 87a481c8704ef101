"""Readers of what a first flash writes, made from the documents of ESP-IDF alone; and a table to flash."""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.tables import Build
from tests.builds.test_images import esp_image
from tests.firmware import built

PAGE_BYTES = 4096
ENTRY_BYTES = 32
NAMESPACE_TYPE, TEXT_TYPE = 0x01, 0x21


@dataclass(frozen=True)
class Row:
    """A row of a partition table."""

    kind: int
    subtype: int
    offset: int
    size: int


def partition_table(*rows: tuple[int, int, int, int], digest: bytes | None = None) -> bytes:
    """A partition table with its digest row; the default table of Espressif's core without arguments."""
    chosen = rows or (
        (1, 0x02, 0x9000, 0x5000),
        (1, 0x00, 0xE000, 0x2000),
        (0, 0x10, 0x10000, 0x140000),
        (0, 0x11, 0x150000, 0x140000),
    )
    table = b"".join(
        struct.pack("<HBBII16sI", 0x50AA, kind, subtype, offset, size, b"name", 0)
        for kind, subtype, offset, size in chosen
    )
    mark = b"\xeb\xeb" + b"\xff" * 14
    return (table + mark + (digest or hashlib.md5(table).digest())).ljust(0xC00, b"\xff")


def read_partition_table(table: bytes) -> dict[str, Row]:
    """The rows of a partition table by name."""
    found = {}
    for at in range(0, len(table), ENTRY_BYTES):
        if table[at : at + 2] != b"\xaa\x50":
            break
        kind, subtype, offset, size, name = struct.unpack_from("<BBII16s", table, at + 2)
        found[name.rstrip(b"\0").decode()] = Row(kind, subtype, offset, size)
    return found


def read_nvs(image: bytes) -> dict[str, dict[str, str]]:
    """The texts of an NVS partition by name space and key; every checksum is checked."""
    names: dict[int, str] = {}
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(image), PAGE_BYTES):
        page = image[start : start + PAGE_BYTES]
        if page[:4] == b"\xff\xff\xff\xff":
            continue
        assert zlib.crc32(page[4:28], 0xFFFFFFFF) == struct.unpack_from("<I", page, 28)[0]
        at = 2 * ENTRY_BYTES
        while at < PAGE_BYTES and page[at] != 0xFF:
            at += ENTRY_BYTES * _read_entry(page, at, names, found)
    return found


def _read_entry(page: bytes, at: int, names: dict[int, str], found: dict[str, dict[str, str]]) -> int:
    entry = page[at : at + ENTRY_BYTES]
    space, kind, span = entry[0], entry[1], entry[2]
    checksum, key = struct.unpack_from("<I", entry, 4)[0], entry[8:24].rstrip(b"\0").decode()
    assert zlib.crc32(entry[:4] + entry[8:], 0xFFFFFFFF) == checksum, key
    if kind == NAMESPACE_TYPE and space == 0:
        names[entry[24]] = key
        found[key] = {}
    elif kind == TEXT_TYPE:
        size, text_checksum = struct.unpack_from("<H2xI", entry, 24)
        text = page[at + ENTRY_BYTES : at + ENTRY_BYTES + size]
        assert zlib.crc32(text, 0xFFFFFFFF) == text_checksum, key
        found[names[space]][key] = text.rstrip(b"\0").decode()
    return span


def esp_build(
    session: Session, artifacts: DiskArtifactStore, account: Account, *, chip_id: int = 5, **values: Any
) -> Build:
    """A succeeded build for an ESP32 board with all the files of a first flash in the store."""
    image = esp_image(chip_id=chip_id)
    more = {"bootloader.bin": b"\xe9" + b"bootloader" * 100, "partitions.bin": partition_table()}
    return built(session, artifacts, account, image, more, fqbn="esp32:esp32:esp32c3", **values)
