"""Firmware images, whatever a sketch made the compiler write."""

import hashlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.builds.images import ImageFacts, read_image
from app.kernel.errors import Invalid
from tests.builds.test_images import esp_image
from tests.firmware import module, section, virtual_image

ESP = esp_image()
VIRTUAL = virtual_image()
_BEGINNINGS = st.sampled_from([b"", b"\xe9", ESP[:24], ESP[:300], b"\0asm\1\0\0\0"])


def read(data: bytes) -> ImageFacts | None:
    """Read an image; refusals are by rule, and what it says of itself can be stored."""
    try:
        facts = read_image(data)
    except Invalid as refusal:
        assert refusal.code == "bad_image"
        return None
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    # As many as the column of a build's version holds.
    assert len(facts.version) <= 32
    for text in (facts.version, facts.project):
        assert "\0" not in text
        text.encode()
    return facts


@given(beginning=_BEGINNINGS, data=st.binary(max_size=400))
def test_any_bytes_are_an_image_or_refused(beginning: bytes, data: bytes) -> None:
    read(beginning + data)


@given(at=st.integers(0, len(ESP) - 1), by=st.integers(1, 255))
def test_no_changed_byte_of_an_esp32_image_goes_unnoticed(at: int, by: int) -> None:
    damaged = bytearray(ESP)
    damaged[at] ^= by
    assert read(bytes(damaged)) is None


@given(length=st.integers(0, len(ESP) - 1), more=st.binary(min_size=1, max_size=64))
def test_no_other_length_of_an_esp32_image_goes_unnoticed(length: int, more: bytes) -> None:
    assert read(ESP[:length]) is None
    assert read(ESP + more) is None


@given(at=st.integers(0, len(VIRTUAL) - 1), by=st.integers(1, 255))
def test_a_changed_byte_of_a_virtual_image_is_noticed_or_makes_another_image(at: int, by: int) -> None:
    damaged = bytearray(VIRTUAL)
    damaged[at] ^= by
    facts = read(bytes(damaged))
    assert facts is None or facts.image_digest != read_image(VIRTUAL).image_digest


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@given(facts=st.fixed_dictionaries({}, optional={"version": _JSON, "project": _JSON, "abi": _JSON}) | _JSON)
@example(facts={"version": "1" * 33, "project": "Blink"})
@example(facts={"version": "1\0", "project": "Blink"})
@example(facts={"version": "\ud800", "project": "Blink"})
@example(facts={"version": ["1"], "project": "Blink"})
def test_any_description_in_a_virtual_image_is_read_or_refused(facts: object) -> None:
    read(module(section(b"bot.app", json.dumps(facts).encode())))


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"version":' * 100_000, b"1" * 100_000])
def test_a_description_nested_without_end_is_refused(content: bytes) -> None:
    assert read(module(section(b"bot.app", content))) is None
