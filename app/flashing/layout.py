"""The first flash over USB: which file is written where.

Offsets and formats are ESP-IDF's: "Bootloader", "Partition Tables", "Over The Air Updates".
"""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.builds.rules import BOOTLOADER_NAME, FIRMWARE_NAME, PARTITIONS_NAME
from app.kernel.errors import Invalid

# Where the chip's ROM looks for the bootloader (ESP-IDF, CONFIG_BOOTLOADER_OFFSET_IN_FLASH).
BOOTLOADER_OFFSETS: dict[str, int] = {
    "esp32": 0x1000,
    "esp32s2": 0x1000,
    "esp32s3": 0x0,
    "esp32c2": 0x0,
    "esp32c3": 0x0,
    "esp32c5": 0x2000,
    "esp32c6": 0x0,
    "esp32c61": 0x0,
    "esp32h2": 0x0,
    "esp32p4": 0x2000,
}
PARTITION_TABLE_OFFSET = 0x8000

_SECTOR_BYTES = 0x1000
_MIN_NVS_BYTES = 3 * _SECTOR_BYTES
_TABLE_ROW = struct.Struct("<HBBII16sI")
_TABLE_MAGIC = 0x50AA
_TABLE_DIGEST_MARK = b"\xeb\xeb" + b"\xff" * 14
_DATA_NVS, _DATA_OTA, _APP_OTA_0 = (1, 0x02), (1, 0x00), (0, 0x10)
_OTA_SELECTION = struct.Struct("<I20sI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file and the flash address it is written to."""

    name: str
    offset: int
    data: bytes

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.offset + len(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A row of a partition table, in bytes."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The partitions that a first flash fills."""

    nvs: Partition
    selection: Partition
    app: Partition


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFiles:
    """The files of a build that a first flash needs."""

    bootloader: bytes
    partitions: bytes
    app: bytes


def can_be_flashed(chip: str) -> bool:
    """Whether bots of this chip are flashed over USB; the virtual bot is not."""
    return chip in BOOTLOADER_OFFSETS


def read_layout(table: bytes) -> Layout:
    """The partitions that a first flash fills, from a binary partition table.

    Raises:
        Invalid: the table is damaged, or a partition is missing.
    """
    found: dict[tuple[int, int], Partition] = {}
    for at in range(0, len(table) - _TABLE_ROW.size + 1, _TABLE_ROW.size):
        row = table[at : at + _TABLE_ROW.size]
        if row.startswith(_TABLE_DIGEST_MARK):
            if hashlib.md5(table[:at], usedforsecurity=False).digest() != row[16:]:
                raise _bad_table("its digest does not match")
            break
        magic, kind, subtype, offset, size, _name, _flags = _TABLE_ROW.unpack(row)
        if magic != _TABLE_MAGIC:
            break
        found.setdefault((kind, subtype), Partition(offset=offset, size=size))
    missing = [kind for kind in (_DATA_NVS, _DATA_OTA, _APP_OTA_0) if kind not in found]
    if missing:
        raise _bad_table("it has no partitions for over-the-air updates")
    layout = Layout(nvs=found[_DATA_NVS], selection=found[_DATA_OTA], app=found[_APP_OTA_0])
    if layout.nvs.size < _MIN_NVS_BYTES or layout.nvs.size % _SECTOR_BYTES:
        raise _bad_table("its NVS partition is too small")
    return layout


def first_slot_selection(size: int) -> bytes:
    """The content of `otadata` that makes the bootloader start slot 0: what cores call `boot_app0.bin`.

    Two sectors, the first with sequence number 1 and its checksum (`esp_ota_select_entry_t`).
    """
    sequence = struct.pack("<I", 1)
    entry = _OTA_SELECTION.pack(1, b"\xff" * 20, 0xFFFFFFFF)
    checksum = struct.pack("<I", zlib.crc32(sequence, 0xFFFFFFFF))
    return (entry + checksum).ljust(size, b"\xff")


def lay_out(chip: str, files: BuildFiles, nvs: bytes) -> tuple[Part, ...]:
    """All that a first flash writes, by rising address.

    Args:
        chip: a key of `BOOTLOADER_OFFSETS`.
        nvs: the NVS partition made for one bot.
    Raises:
        Invalid: the build's files do not fit together.
    """
    if not can_be_flashed(chip):
        raise Invalid("not_flashable", f"A {chip or 'bot without a chip'} cannot be flashed over USB.")
    layout = read_layout(files.partitions)
    if len(files.app) > layout.app.size:
        raise Invalid(
            "image_too_big", f"The image has {len(files.app)} bytes; the slot has {layout.app.size}."
        )
    parts = (
        Part(name=BOOTLOADER_NAME, offset=BOOTLOADER_OFFSETS[chip], data=files.bootloader),
        Part(name=PARTITIONS_NAME, offset=PARTITION_TABLE_OFFSET, data=files.partitions),
        Part(name="nvs.bin", offset=layout.nvs.offset, data=nvs),
        Part(
            name="boot_app0.bin",
            offset=layout.selection.offset,
            data=first_slot_selection(layout.selection.size),
        ),
        Part(name=FIRMWARE_NAME, offset=layout.app.offset, data=files.app),
    )
    ordered = tuple(sorted(parts, key=lambda part: part.offset))
    if any(left.end > right.offset for left, right in pairwise(ordered)):
        raise _bad_table("its partitions overlap other data")
    return ordered


def factory_image(parts: Sequence[Part]) -> bytes:
    """One file from address 0 on; gaps hold 0xFF, which is what erased flash holds."""
    image = bytearray()
    for part in parts:
        image += b"\xff" * (part.offset - len(image)) + part.data
    return bytes(image)


def factory_command(chip: str, name: str) -> str:
    """The esptool (version 5) command that writes a factory image."""
    return f"{_esptool(chip)} 0x0 {name}"


def parts_command(chip: str, parts: Sequence[Part]) -> str:
    """The esptool (version 5) command that writes the separate parts."""
    return " ".join([_esptool(chip), *(f"{part.offset:#x} {part.name}" for part in parts)])


def _esptool(chip: str) -> str:
    return f"esptool --chip {chip} --baud 460800 write-flash"


def _bad_table(why: str) -> Invalid:
    return Invalid("bad_partition_table", f"The partition table of this build is unusable: {why}.")
