"""NVS partitions, read back by a reader of our own."""

import pytest

from app.flashing.nvs import make_nvs
from app.flashing.nvs_identity import Identity, Wiring
from app.kernel.errors import Invalid
from config import MAX_CA_BYTES
from tests.esp_flash import read_nvs

SIZE = 0x5000


def make(*entries: tuple[str, str], size: int = SIZE) -> bytes:
    return make_nvs(entries, size)


def test_what_is_written_is_read_back() -> None:
    entries = (("ssid", 'Café, "the" one; #1\\'), ("pass", "ключ 日本"), ("a" * 15, ""))
    image = make(*entries)
    assert len(image) == SIZE
    assert read_nvs(image) == {"airsketch": dict(entries)}


@pytest.mark.parametrize("size", [0x3000, 0x5000, 0x6000])
def test_the_longest_identity_fits_into_every_table(size: int) -> None:
    identity = Identity(
        product_id="b" * 32,
        device_key=bytes(32),
        server="h" * 128,
        ssid="s" * 32,
        password="p" * 64,
        network_revision=2**31,
        wiring=Wiring(
            trigger_pin=54,
            trigger_active_high=True,
            led_pin=54,
            led_active_low=True,
            serial_verbose=True,
            logs=True,
        ),
        ca_pem="c" * MAX_CA_BYTES,
    )
    image = make(*identity.entries(), size=size)
    assert len(image) == size
    assert read_nvs(image) == {"airsketch": dict(identity.entries())}


def test_a_page_stays_empty_for_moving_entries() -> None:
    assert make(("ssid", "home"))[-0x1000:] == b"\xff" * 0x1000


def test_too_much_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        make(*((f"key{number}", "x" * 3000) for number in range(9)))
    assert refusal.value.code == "memory_full"
    with pytest.raises(Invalid):
        make(("ca", "x" * 4001))


def test_a_key_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="15"):
        make(("a" * 16, "text"))
