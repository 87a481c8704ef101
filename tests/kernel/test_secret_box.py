"""Encryption at rest."""

import pytest

from app.kernel.secret_box import SecretBox

KEY = bytes(range(32))


@pytest.fixture
def box() -> SecretBox:
    return SecretBox(KEY)


@pytest.mark.parametrize("plain", [b"", b"x", bytes(1000)])
def test_what_is_sealed_opens_again(box: SecretBox, plain: bytes) -> None:
    sealed = box.seal(plain, context="wifi:bot_001")
    assert SecretBox(KEY).open(sealed, context="wifi:bot_001") == plain


def test_the_plain_text_does_not_show(box: SecretBox) -> None:
    assert b"my network" not in box.seal(b"my network", context="wifi:bot_001")


def test_sealing_twice_gives_different_bytes(box: SecretBox) -> None:
    assert box.seal(b"same", context="a") != box.seal(b"same", context="a")


def test_another_context_does_not_open_it(box: SecretBox) -> None:
    sealed = box.seal(b"key", context="device_key:bot_001")
    for context in ("device_key:bot_002", "wifi:bot_001", ""):
        with pytest.raises(ValueError, match="another place"):
            box.open(sealed, context=context)


def test_another_key_does_not_open_it(box: SecretBox) -> None:
    sealed = box.seal(b"key", context="a")
    with pytest.raises(ValueError, match="another place or key"):
        SecretBox(bytes(32)).open(sealed, context="a")


def test_a_change_of_any_byte_is_noticed(box: SecretBox) -> None:
    sealed = box.seal(b"key", context="a")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(ValueError, match="sealed value"):
            box.open(bytes(changed), context="a")


def test_a_value_cut_short_at_any_byte_is_noticed(box: SecretBox) -> None:
    sealed = box.seal(b"key", context="a")
    for length in range(len(sealed)):
        with pytest.raises(ValueError, match="sealed value"):
            box.open(sealed[:length], context="a")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SecretBox(bytes(length))
