"""What a bot finds in its memory after the first flash."""

import pytest

from app.flashing.nvs_identity import Identity, Wiring, check_nvs_key, parse_server
from app.kernel.errors import Invalid

IDENTITY = Identity(
    product_id="bot_001",
    device_key=bytes(range(32)),
    server="http://192.168.1.20:5000",
    ssid="home",
    password="sesame open",
)


def test_a_bot_is_told_who_it_is() -> None:
    assert dict(IDENTITY.entries()) == {
        "ssid": "home",
        "pass": "sesame open",
        "wifi": "0\nsesame open\nhome",
        "server": "http://192.168.1.20:5000",
        "product_id": "bot_001",
        "device_key": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    }
    with_ca = Identity(
        product_id="bot_001", device_key=bytes(32), server="", ssid="", password="", ca_pem="PEM"
    )
    assert dict(with_ca.entries())["ca"] == "PEM"


def test_what_is_connected_is_told_and_what_is_as_always_is_not() -> None:
    assert Wiring().entries() == ()
    wiring = Wiring(
        trigger_pin=0,
        trigger_active_high=True,
        led_pin=2,
        led_active_low=True,
        serial_verbose=True,
        logs=True,
    )
    assert dict(wiring.entries()) == {
        "trig_pin": "0",
        "led_pin": "2",
        "trig_high": "1",
        "led_low": "1",
        "say": "1",
        "log": "1",
    }
    everything = Identity(
        product_id="bot_001",
        device_key=bytes(32),
        server="",
        ssid="",
        password="",
        wiring=wiring,
        ca_pem="PEM",
    )
    for key, _text in everything.entries():
        check_nvs_key(key)


@pytest.mark.parametrize("key", ["", "a" * 16, "schlüssel"])
def test_a_key_that_nvs_cannot_find_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="NVS key"):
        check_nvs_key(key)
    assert check_nvs_key("a" * 15) == "a" * 15


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://192.168.1.20:5000", "http://192.168.1.20:5000"),
        (" https://Bots.example.org/ ", "https://bots.example.org"),
        ("http://[fd00::1]:80", "http://[fd00::1]:80"),
        ("http://bench.local", "http://bench.local"),
    ],
)
def test_a_server_address_is_put_into_one_form(text: str, expected: str) -> None:
    assert parse_server(text) == expected


@pytest.mark.parametrize(
    "text",
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
def test_a_server_address_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_server(text)
    assert refusal.value.details["field"] == "server"
