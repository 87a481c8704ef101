"""The first flash by wire: what is written where, and what a bot finds in its memory afterwards.

Offsets and formats are ESP-IDF's: "Bootloader", "Partition Tables", "Over The Air Updates", "NVS".
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from app.domain.errors import Invalid

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

NVS_NAMESPACE = "airsketch"
MAX_NVS_KEY_CHARS = 15  # ESP-IDF NVS_KEY_NAME_MAX_SIZE, less the ending zero.
# A text lies in one page of 4,096 bytes; NVS takes 4,000, and a page holds other entries too.
MAX_CA_BYTES = 3_500
MAX_SERVER_CHARS = 128

_SECTOR_BYTES = 0x1000
_MIN_NVS_BYTES = 3 * _SECTOR_BYTES
_TABLE_ROW = struct.Struct("<HBBII16sI")
_TABLE_MAGIC = 0x50AA
_TABLE_DIGEST_MARK = b"\xeb\xeb" + b"\xff" * 14
_DATA_NVS, _DATA_OTA, _APP_OTA_0 = (1, 0x02), (1, 0x00), (0, 0x10)
_OTA_SELECTION = struct.Struct("<I20sI")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


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
class Identity:
    """What a bot must know to join its network and find its server.

    Attributes:
        device_key: 32 bytes.
        server: an address as `parse_server` gives it.
        ca_pem: the authority that signs the server's certificate; empty if the bot needs none.
    """

    product_id: str
    device_key: bytes
    server: str
    ssid: str
    password: str
    ca_pem: str = ""

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Keys and texts for the name space `airsketch`; the table is in `docs/FIRST_FLASH.md`."""
        entries = (
            ("ssid", self.ssid),
            ("pass", self.password),
            ("server", self.server),
            ("product_id", self.product_id),
            ("device_key", self.device_key.hex()),
            ("ca", self.ca_pem),
        )
        # An absent key is how a bot knows that there is no authority; an empty text would be a wrong one.
        return tuple((key, text) for key, text in entries if text or key != "ca")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFiles:
    """The files of a build that a first flash needs."""

    bootloader: bytes
    partitions: bytes
    app: bytes


def can_be_flashed(chip: str) -> bool:
    """Whether bots of this chip are flashed by wire; the virtual bot is not."""
    return chip in BOOTLOADER_OFFSETS


def check_nvs_key(key: str) -> str:
    """Accept a key that NVS can find again.

    Raises:
        ValueError: not 1 to 15 ASCII characters; the maker of the partition would write it all the same.
    """
    if not key.isascii() or not 1 <= len(key) <= MAX_NVS_KEY_CHARS:
        raise ValueError(f"an NVS key has 1 to {MAX_NVS_KEY_CHARS} ASCII characters, not {key!r}")
    return key


def parse_server(text: str) -> str:
    """Accept the address by which a bot reaches this server, without an ending slash.

    Raises:
        Invalid: not `http://` or `https://` with a host, an optional port and nothing else.
    """
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        port = parts.port or 0
    except ValueError:
        raise _bad_server(text) from None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    plain = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    known = parts.scheme in {"http", "https"} and _HOST.fullmatch(host) is not None
    if not known or plain != address.lower() or len(address) > MAX_SERVER_CHARS:
        raise _bad_server(text)
    return plain


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
                raise _bad_table("its digest does not fit")
            break
        magic, kind, subtype, offset, size, _name, _flags = _TABLE_ROW.unpack(row)
        if magic != _TABLE_MAGIC:
            break
        found.setdefault((kind, subtype), Partition(offset=offset, size=size))
    missing = [kind for kind in (_DATA_NVS, _DATA_OTA, _APP_OTA_0) if kind not in found]
    if missing:
        raise _bad_table("it lacks the partitions for updates over the air")
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
        raise Invalid("not_flashable", f"A {chip or 'bot without a chip'} is not flashed by wire.")
    layout = read_layout(files.partitions)
    if len(files.app) > layout.app.size:
        raise Invalid(
            "image_too_big", f"The image has {len(files.app)} bytes; the slot has {layout.app.size}."
        )
    parts = (
        Part(name="bootloader.bin", offset=BOOTLOADER_OFFSETS[chip], data=files.bootloader),
        Part(name="partitions.bin", offset=PARTITION_TABLE_OFFSET, data=files.partitions),
        Part(name="nvs.bin", offset=layout.nvs.offset, data=nvs),
        Part(
            name="boot_app0.bin",
            offset=layout.selection.offset,
            data=first_slot_selection(layout.selection.size),
        ),
        Part(name="firmware.bin", offset=layout.app.offset, data=files.app),
    )
    ordered = tuple(sorted(parts, key=lambda part: part.offset))
    if any(left.end > right.offset for left, right in pairwise(ordered)):
        raise _bad_table("its partitions overlap what else is written")
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


def _bad_server(text: str) -> Invalid:
    return Invalid(
        "bad_server",
        "The server address is like http://192.168.1.20:5000 or https://bots.example.org, without a path.",
        {"field": "server", "server": text[:MAX_SERVER_CHARS]},
    )


def _bad_table(why: str) -> Invalid:
    return Invalid("bad_partition_table", f"The partition table of this build cannot be used: {why}.")
