"""Releases: which bot an image is for."""

import pytest

from app.devices.rules import link_name
from app.toolchain.rules import Fqbn
from app.updates.release_rules import fits

ESP32 = Fqbn("esp32:esp32:esp32")


def test_the_link_is_named_by_the_product_id() -> None:
    assert link_name("bot_001") == "bot_001.ino.bin"


@pytest.mark.parametrize(
    ("bot_chip", "bot_board", "expected"),
    [
        ("esp32", "esp32:esp32:esp32doit", True),
        ("esp32c3", "esp32:esp32:esp32", False),
        ("", "esp32:esp32:esp32:PartitionScheme=min_spiffs", True),
        ("", "esp32:esp32:esp32c3", False),
        ("", "", True),
    ],
)
def test_the_chip_decides_and_the_board_where_the_chip_is_unknown(
    bot_chip: str, bot_board: str, expected: bool
) -> None:
    assert fits(chip="esp32", fqbn=ESP32, bot_chip=bot_chip, bot_board=bot_board) is expected
