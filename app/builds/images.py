"""Firmware images: their metadata, and whether a bot can boot them.

Two formats exist. An ESP32 application image (ESP-IDF "App Image Format") starts with 0xE9; a
virtual bot's image is a WebAssembly module with a custom section `bot.app`.
"""

import hashlib
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from app.kernel.errors import Invalid
from app.toolchain.rules import CHIP_IDS, VIRTUAL_CHIP

_ESP_MAGIC = 0xE9
_ESP_HEADER_BYTES = 24
_ESP_SEGMENT_HEADER_BYTES = 8
_ESP_CHECKSUM_SEED = 0xEF
_ESP_DESCRIPTOR_OFFSET = 32
_ESP_DESCRIPTOR_MAGIC = 0xABCD5432
_ESP_DESCRIPTOR_BYTES = 256
_SHA256_BYTES = 32
_WASM_MAGIC = b"\x00asm\x01\x00\x00\x00"
_WASM_APP_SECTION = "bot.app"
_MAX_VERSION_BYTES = 32
_MAX_PROJECT_BYTES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """The metadata of an image, verified against its bytes.

    Attributes:
        chip: `virtual` or a name of `boards.CHIP_IDS`.
        size_bytes: size of the file.
        sha256: lower-case hex SHA-256 of the file; what a bot hashes while it downloads.
        image_digest: how the RUNNING image knows itself: the appended SHA-256 on ESP32, `sha256`
            on the virtual bot.
        version: version text of the application descriptor.
        project: project name of the application descriptor.
    """

    chip: str
    size_bytes: int
    sha256: str
    image_digest: str
    version: str
    project: str


def _refuse(message: str, **details: object) -> Invalid:
    return Invalid("bad_image", message, details)


def read_image(data: bytes) -> ImageFacts:
    """Read and verify an image of either format.

    Raises:
        Invalid: `data` is neither format, is truncated, or a checksum or digest is wrong.
    """
    if data[:1] == bytes([_ESP_MAGIC]):
        return _read_esp_image(data)
    if data.startswith(_WASM_MAGIC):
        return _read_virtual_image(data)
    raise _refuse("The file is not a firmware image: it starts with neither 0xE9 nor a WebAssembly header.")


def check_image(facts: ImageFacts, *, chip: str, slot_bytes: int) -> None:
    """Refuse an image that a bot of this chip could not boot.

    Raises:
        Invalid: made for another chip, or larger than the slot.
    """
    if facts.chip != chip:
        raise Invalid(
            "wrong_chip",
            f"The image is built for the {facts.chip}, but the bot has a {chip}.",
            {"image": facts.chip, "bot": chip},
        )
    if facts.size_bytes > slot_bytes:
        raise Invalid(
            "image_too_big",
            f"The image is {facts.size_bytes} bytes; the bot's slot holds {slot_bytes}.",
            {"size_bytes": facts.size_bytes, "slot_bytes": slot_bytes},
        )


def _read_esp_image(data: bytes) -> ImageFacts:
    if len(data) < _ESP_HEADER_BYTES:
        raise _refuse("The image is truncated inside its header.")
    segments = data[1]
    chip_id = struct.unpack_from("<H", data, 12)[0]
    chip = CHIP_IDS.get(chip_id)
    if chip is None:
        raise _refuse(f"The image is for an unknown chip ({chip_id}).", chip_id=chip_id)
    if data[23] != 1:
        raise _refuse("The image has no digest. Rebuild it with the default settings.")
    checksum_at = _check_esp_checksum(data, segments)
    digest = _check_esp_digest(data, checksum_at + 1)
    version, project = _read_esp_descriptor(data)
    return ImageFacts(
        chip=chip,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        image_digest=digest,
        version=version,
        project=project,
    )


def _check_esp_checksum(data: bytes, segments: int) -> int:
    """Verify the XOR of all segment bytes; the offset of the checksum byte."""
    end = _ESP_HEADER_BYTES
    checksum = _ESP_CHECKSUM_SEED
    for _ in range(segments):
        if end + _ESP_SEGMENT_HEADER_BYTES > len(data):
            raise _refuse("The image is truncated inside a segment header.")
        length = struct.unpack_from("<I", data, end + 4)[0]
        start = end + _ESP_SEGMENT_HEADER_BYTES
        end = start + length
        if end > len(data):
            raise _refuse("The image is truncated inside a segment.")
        checksum ^= _xor(data[start:end])
    checksum_at = end | 15
    if checksum_at >= len(data) or data[checksum_at] != checksum:
        raise _refuse("The image's checksum does not match its contents.")
    return checksum_at


def _xor(data: bytes) -> int:
    """XOR of all bytes, folded by halves as one large number."""
    width = 1
    while width < len(data):
        width *= 2
    value = int.from_bytes(data, "little")
    while width > 1:
        width //= 2
        value = (value >> (8 * width)) ^ (value & ((1 << (8 * width)) - 1))
    return value


def _check_esp_digest(data: bytes, end: int) -> str:
    if len(data) < end + _SHA256_BYTES:
        raise _refuse("The image is truncated before its digest.")
    if len(data) > end + _SHA256_BYTES:
        raise _refuse(
            "The image has extra bytes after its digest.", trailing_bytes=len(data) - end - _SHA256_BYTES
        )
    stored = data[end : end + _SHA256_BYTES]
    if hashlib.sha256(data[:end]).digest() != stored:
        raise _refuse("The image's digest does not match its contents.")
    return stored.hex()


def _read_esp_descriptor(data: bytes) -> tuple[str, str]:
    """Version and project of the application descriptor (`esp_app_desc_t`)."""
    if len(data) < _ESP_DESCRIPTOR_OFFSET + _ESP_DESCRIPTOR_BYTES:
        raise _refuse("The image is too short to hold an application descriptor.")
    if struct.unpack_from("<I", data, _ESP_DESCRIPTOR_OFFSET)[0] != _ESP_DESCRIPTOR_MAGIC:
        raise _refuse("The image has no application descriptor.")
    return (_text(data, _ESP_DESCRIPTOR_OFFSET + 16), _text(data, _ESP_DESCRIPTOR_OFFSET + 48))


def _text(data: bytes, offset: int) -> str:
    field = data[offset : offset + 32]
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def _read_virtual_image(data: bytes) -> ImageFacts:
    for name, content in _wasm_custom_sections(data):
        if name == _WASM_APP_SECTION:
            version, project = _read_app_section(content)
            digest = hashlib.sha256(data).hexdigest()
            return ImageFacts(
                chip=VIRTUAL_CHIP,
                size_bytes=len(data),
                sha256=digest,
                image_digest=digest,
                version=version,
                project=project,
            )
    raise _refuse("This WebAssembly module is not an image for virtual bots: it has no bot.app section.")


def _read_app_section(content: bytes) -> tuple[str, str]:
    try:
        facts = json.loads(content)
        return _text_of(facts["version"], _MAX_VERSION_BYTES), _text_of(facts["project"], _MAX_PROJECT_BYTES)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _refuse("The image's bot.app section cannot be read.") from None


def _text_of(value: object, max_bytes: int) -> str:
    """A short text of a section that a sketch may have written itself.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, str) or len(value.encode()) > max_bytes or "\0" in value:
        raise ValueError("not a short text")
    return value


def _wasm_custom_sections(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each custom section's name and content; every length is checked against the file."""
    at = len(_WASM_MAGIC)
    while at < len(data):
        section_id = data[at]
        length, start = _leb128(data, at + 1)
        at = start + length
        if at > len(data):
            raise _refuse("The image is truncated inside a section.")
        if section_id == 0:
            name_length, name_at = _leb128(data, start)
            content_at = name_at + name_length
            if content_at > at:
                raise _refuse("The image has a damaged custom section.")
            yield data[name_at:content_at].decode("utf-8", "replace"), data[content_at:at]


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number of at most 32 bits, and the offset behind it."""
    value = 0
    for shift in range(0, 35, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
    raise _refuse("The image is truncated or damaged.")
