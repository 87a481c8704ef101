"""Signatures of the native protocol; the check values are those of its description."""

import pytest

from app.http.device import signing
from tools.demo_bot.unseal import unseal

KEY = bytes(range(32))
NONCE = "a" * 32
COUNTER = "0000000100000001"


def request_signature(**changes: object) -> str:
    values: dict[str, object] = {
        "method": "POST",
        "path": "/device/v1/check-in",
        "counter": COUNTER,
        "nonce": NONCE,
        "body": b"{}",
        **changes,
    }
    return signing.request_signature(KEY, **values)  # type: ignore[arg-type]


def test_the_request_signature_has_its_check_value() -> None:
    assert request_signature() == "ffdc5b6c8fa6d58d97d4ce3f3735c93c0c505733e4ad4aa2213320bfb76248f2"


def test_the_answer_signature_has_its_check_value() -> None:
    body = b'{"poll_after_s":60,"update":null,"network":null}'
    expected = "bb6c7095ccfd4f72969b89a5a9e3fbc01d1847b3eaee87c0f22dac5f8b780847"
    assert signing.answer_signature(KEY, status=200, nonce=NONCE, body=body) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": "/device/v1/check-in?x"},
        {"counter": "0000000100000002"},
        {"nonce": "b" * 32},
        {"body": b"{} "},
    ],
)
def test_every_part_of_a_request_is_signed(change: dict[str, object]) -> None:
    assert request_signature(**change) != request_signature()


def test_every_part_of_an_answer_is_signed() -> None:
    first = signing.answer_signature(KEY, status=200, nonce=NONCE, body=b"{}")
    assert first != signing.answer_signature(KEY, status=201, nonce=NONCE, body=b"{}")
    assert first != signing.answer_signature(KEY, status=200, nonce="b" * 32, body=b"{}")
    assert first != signing.answer_signature(KEY, status=200, nonce=NONCE, body=b"")
    assert first != signing.answer_signature(bytes(32), status=200, nonce=NONCE, body=b"{}")


@pytest.mark.parametrize(
    "change",
    [
        {"counter": "1"},
        {"counter": "000000010000000G"},
        {"counter": "000000010000000A"},
        {"nonce": ""},
        {"nonce": "a" * 33},
        {"nonce": "a" * 31 + "\n"},
        {"signature": ""},
        {"signature": "f" * 63},
        {"signature": "F" * 64},
    ],
)
def test_headers_of_another_form_are_not_well_formed(change: dict[str, str]) -> None:
    good = {"counter": COUNTER, "nonce": NONCE, "signature": "f" * 64}
    assert signing.is_well_formed(**good)
    assert not signing.is_well_formed(**{**good, **change})


def test_texts_are_the_same_or_not() -> None:
    assert signing.same("ab", "ab")
    assert not signing.same("ab", "aB")
    assert not signing.same("ab", "ä")


@pytest.mark.parametrize("text", ["", "home", "ü" * 32, "0" * 64])
def test_a_sealed_text_opens_with_the_same_arguments(text: str) -> None:
    sealed = signing.seal(KEY, label="ssid", revision=3, nonce=NONCE, text=text)
    assert len(sealed) == 130
    assert unseal(KEY, label="ssid", revision=3, nonce=NONCE, sealed=sealed) == text


def test_the_length_of_a_sealed_text_does_not_show() -> None:
    short = signing.seal(KEY, label="password", revision=1, nonce=NONCE, text="")
    long = signing.seal(KEY, label="password", revision=1, nonce=NONCE, text="x" * 64)
    assert len(short) == len(long)


def test_the_keystream_depends_on_key_label_revision_and_nonce() -> None:
    text = "password"
    sealed = {
        signing.seal(KEY, label="ssid", revision=1, nonce=NONCE, text=text),
        signing.seal(KEY, label="password", revision=1, nonce=NONCE, text=text),
        signing.seal(KEY, label="ssid", revision=2, nonce=NONCE, text=text),
        signing.seal(KEY, label="ssid", revision=1, nonce="b" * 32, text=text),
        signing.seal(bytes(32), label="ssid", revision=1, nonce=NONCE, text=text),
    }
    assert len(sealed) == 5


def test_a_text_that_is_too_long_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        signing.seal(KEY, label="ssid", revision=1, nonce=NONCE, text="ü" * 33)


@pytest.mark.parametrize("sealed", ["", "00", "zz", "00" * 64, "00" * 66])
def test_damaged_sealed_texts_do_not_open(sealed: str) -> None:
    with pytest.raises(ValueError, match=r"65 bytes|hexadecimal"):
        unseal(KEY, label="ssid", revision=1, nonce=NONCE, sealed=sealed)
