"""Product ids, passwords, Wi-Fi settings, and how lately a bot called."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.devices import rules as devices
from app.devices.rules import Connectivity, KeyState, NetworkError, link_name
from app.kernel.errors import Invalid
from tests.updates.check_in.test_service import REPORT

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["bot_001", "abc", "A-b_9", "x" * 32])
def test_a_plain_product_id_is_accepted(text: str) -> None:
    assert devices.parse_product_id(text) == text


@pytest.mark.parametrize(
    "text", ["", "ab", "x" * 33, "_bot", "-bot", "bot.ino", "bot/1", "bot 1", "böt", "bot\n", "../x"]
)
def test_another_product_id_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        devices.parse_product_id(text)
    assert refusal.value.code == "bad_product_id"


@pytest.mark.parametrize(
    ("ssid", "password"),
    [
        ("home", ""),
        ("x" * 32, "12345678"),
        ("ü" * 16, "x" * 63),
        ("a b", "0123456789abcdefABCDEF0123456789abcdefABCDEF0123456789abcdefABCD"),
        ("☕", " spaces count "),
    ],
)
def test_wifi_settings_of_the_standard_are_accepted(ssid: str, password: str) -> None:
    wifi = devices.parse_wifi(ssid, password)
    assert (wifi.ssid, wifi.password) == (ssid, password)


@pytest.mark.parametrize(
    ("ssid", "password", "code"),
    [
        ("", "12345678", "bad_ssid"),
        ("x" * 33, "12345678", "bad_ssid"),
        ("ü" * 17, "12345678", "bad_ssid"),
        ("a\0b", "12345678", "bad_ssid"),
        ("\ud800", "12345678", "bad_ssid"),
        ("home", "1234567", "bad_wifi_password"),
        ("home", "x" * 64, "bad_wifi_password"),
        ("home", "a" * 65, "bad_wifi_password"),
        ("home", "pässword", "bad_wifi_password"),
        ("home", "tab\tinside", "bad_wifi_password"),
    ],
)
def test_other_wifi_settings_are_refused_without_repeating_them(ssid: str, password: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        devices.parse_wifi(ssid, password)
    assert refusal.value.code == code
    assert password not in str(refusal.value.details)


@pytest.mark.parametrize(
    ("silent_s", "expected"),
    [
        (0, Connectivity.ONLINE),
        (180, Connectivity.ONLINE),
        (181, Connectivity.OVERDUE),
        (600, Connectivity.OVERDUE),
        (601, Connectivity.OFFLINE),
    ],
)
def test_connectivity_follows_the_bots_own_poll_interval(silent_s: int, expected: Connectivity) -> None:
    assert devices.connectivity(NOW - timedelta(seconds=silent_s), 60, NOW) is expected


def test_a_bot_that_never_called_is_unknown() -> None:
    assert devices.connectivity(None, 60, NOW) is Connectivity.UNKNOWN


def test_a_poll_interval_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        devices.connectivity(NOW, 0, NOW)


@pytest.mark.parametrize(
    ("is_revoked", "has_next", "over_usb", "expected"),
    [
        (False, False, False, KeyState.CURRENT),
        (False, True, False, KeyState.RENEWED),
        (False, True, True, KeyState.OVER_USB),
        (True, True, True, KeyState.REVOKED),
    ],
)
def test_the_state_of_a_key_follows_from_what_waits(
    is_revoked: bool, has_next: bool, over_usb: bool, expected: KeyState
) -> None:
    assert devices.key_state(is_revoked=is_revoked, has_next=has_next, over_usb=over_usb) is expected


@pytest.mark.parametrize(
    ("used", "said_to_fail", "known_to_fail", "expected"),
    [
        (0, 0, 0, 0),
        (0, 3, 0, 3),
        (0, 3, 2, 3),
        (2, 0, 3, 3),
        (3, 0, 3, 0),
        (4, 3, 0, 0),
    ],
)
def test_a_failed_network_is_known_until_that_or_a_newer_one_works(
    used: int, said_to_fail: int, known_to_fail: int, expected: int
) -> None:
    error = NetworkError.NO_ADDRESS if said_to_fail else None
    report = replace(REPORT, network_revision=used, network_failed_revision=said_to_fail, network_error=error)
    known = NetworkError.CAPTIVE_PORTAL if known_to_fail else None
    found = devices.failed_network(report, failed_revision=known_to_fail, error=known)
    assert found == (expected, (error or known) if expected else None)


def test_the_link_is_named_by_the_product_id() -> None:
    assert link_name("bot_001") == "bot_001.ino.bin"
