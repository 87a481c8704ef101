"""Images: both formats are read whole, and every damage is noticed."""

import hashlib
import json
import struct

import pytest

from app.builds.images import check_image, read_image
from app.kernel.errors import Invalid


def esp_image(
    *, chip_id: int = 5, version: str = "1.2.3", project: str = "Blink", payload: int = 1000
) -> bytes:
    """A small but complete application image of two segments."""
    descriptor = struct.pack("<II8x32s32s", 0xABCD5432, 0, version.encode(), project.encode()).ljust(
        256, b"\0"
    )
    segments = [descriptor, bytes(index % 251 for index in range(payload))]
    header = bytes([0xE9, len(segments), 2, 0x20]) + struct.pack("<I", 0x40380000)
    header += bytes([0xEE, 0, 0, 0]) + struct.pack("<H", chip_id) + bytes(9) + b"\1"
    image = header
    checksum = 0xEF
    for index, segment in enumerate(segments):
        image += struct.pack("<II", 0x3C000000 + index * 0x10000, len(segment)) + segment
        for byte in segment:
            checksum ^= byte
    image += bytes((len(image) | 15) - len(image)) + bytes([checksum])
    return image + hashlib.sha256(image).digest()


def wasm_image(facts: object = None, *, name: bytes = b"bot.app") -> bytes:
    """A module with one custom section and nothing else."""
    content = json.dumps(facts or {"project": "Blink", "version": "1.0", "abi": 1}).encode()
    section = bytes([len(name)]) + name + content
    return b"\0asm\1\0\0\0" + b"\0" + bytes([len(section) & 0x7F | 0x80, len(section) >> 7]) + section


def test_an_esp32_image_tells_its_facts() -> None:
    data = esp_image()
    facts = read_image(data)
    assert (facts.chip, facts.version, facts.project) == ("esp32c3", "1.2.3", "Blink")
    assert facts.size_bytes == len(data)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.image_digest == data[-32:].hex()


def test_a_virtual_image_tells_its_facts() -> None:
    data = wasm_image()
    facts = read_image(data)
    assert (facts.chip, facts.version, facts.project) == ("virtual", "1.0", "Blink")
    assert facts.image_digest == facts.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("make", [esp_image, wasm_image])
def test_an_image_cut_anywhere_is_refused(make: object) -> None:
    data: bytes = make()  # type: ignore[operator]
    for length in (*range(64), *range(64, len(data), 97), len(data) - 1):
        with pytest.raises(Invalid) as caught:
            read_image(data[:length])
        assert caught.value.code == "bad_image"


def test_one_changed_bit_in_an_esp32_image_is_noticed() -> None:
    data = bytearray(esp_image())
    data[700] ^= 1
    with pytest.raises(Invalid, match="checksum"):
        read_image(bytes(data))


def test_two_changes_that_keep_the_checksum_break_the_digest() -> None:
    data = bytearray(esp_image())
    data[700] ^= 1
    data[701] ^= 1
    with pytest.raises(Invalid, match="digest"):
        read_image(bytes(data))


def test_trailing_bytes_are_refused() -> None:
    with pytest.raises(Invalid, match="after"):
        read_image(esp_image() + b"x")


def test_an_unknown_chip_is_refused() -> None:
    with pytest.raises(Invalid, match="unknown chip"):
        read_image(esp_image(chip_id=999))


def test_a_module_without_the_section_is_refused() -> None:
    with pytest.raises(Invalid, match=r"bot\.app"):
        read_image(wasm_image(name=b"other"))


@pytest.mark.parametrize(
    "facts",
    [[], {"project": "x"}, "text", {"project": "x", "version": "1" * 33}, {"project": "x", "version": 1}],
)
def test_a_damaged_section_is_refused(facts: object) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_image(wasm_image(facts or {"version": "1"}))


def test_other_files_are_refused() -> None:
    for data in (b"", b"<html>", b"\x7fELF", b"\0asm"):
        with pytest.raises(Invalid):
            read_image(data)


def test_an_image_of_another_chip_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        check_image(read_image(esp_image(chip_id=0)), chip="esp32s3", slot_bytes=10**6)
    assert caught.value.code == "wrong_chip"


def test_an_image_larger_than_the_slot_is_refused() -> None:
    facts = read_image(esp_image())
    check_image(facts, chip="esp32c3", slot_bytes=facts.size_bytes)
    with pytest.raises(Invalid) as caught:
        check_image(facts, chip="esp32c3", slot_bytes=facts.size_bytes - 1)
    assert caught.value.code == "image_too_big"
