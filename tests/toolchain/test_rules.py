"""Boards: FQBNs."""

import pytest

from app.kernel.errors import Invalid
from app.toolchain.rules import core_of, parse_fqbn, without_options


@pytest.mark.parametrize(
    "text",
    [
        "airsketch:virtual:bot",
        "esp32:esp32:esp32s3",
        "esp32:esp32:esp32:PartitionScheme=min_spiffs,CPUFreq=80",
    ],
)
def test_a_well_formed_fqbn_is_accepted(text: str) -> None:
    assert parse_fqbn(text) == text


@pytest.mark.parametrize(
    "text", ["", "esp32", "a:b", "a:b:c;rm", "a:b:c d", "a:b:c:", "a:b:c:x", "a:" + "b" * 300 + ":c"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_fqbn(text)
    assert caught.value.code == "bad_fqbn"


def test_the_core_is_the_first_two_parts() -> None:
    assert core_of(parse_fqbn("esp32:esp32:esp32:CPUFreq=80")) == "esp32:esp32"


@pytest.mark.parametrize(
    "text", ["esp32:esp32:esp32", "esp32:esp32:esp32:PartitionScheme=min_spiffs,CPUFreq=80"]
)
def test_a_board_is_the_same_with_and_without_options(text: str) -> None:
    assert without_options(text) == "esp32:esp32:esp32"


def test_of_a_board_that_is_none_nothing_is_known() -> None:
    assert without_options("") == ""
