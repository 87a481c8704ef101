"""The memory of a bot."""

import pytest

from tools.fleet.nvs import CAPACITY_BYTES, Nvs, set_up


def test_values_are_kept_by_name_space() -> None:
    nvs = Nvs()
    assert nvs.set("one", "key", b"1")
    assert nvs.set("two", "key", b"2")
    assert (nvs.get("one", "key"), nvs.get("two", "key"), nvs.get("two", "other")) == (b"1", b"2", None)


def test_an_empty_key_deletes_a_whole_space() -> None:
    nvs = Nvs()
    for space, key in (("one", "a"), ("one", "b"), ("two", "a")):
        nvs.set(space, key, b"x")
    assert nvs.delete("one", "")
    assert not nvs.delete("one", "a")
    assert nvs.get("two", "a") == b"x"


@pytest.mark.parametrize("name", ["", "sixteen_letters_"])
def test_names_have_1_to_15_bytes(name: str) -> None:
    assert not Nvs().set("space", name, b"x")
    assert not Nvs().set(name, "key", b"x")


def test_a_full_memory_keeps_what_it_has() -> None:
    nvs = Nvs()
    nvs.set("space", "a", b"kept")
    assert not nvs.set("space", "b", bytes(CAPACITY_BYTES))
    assert not nvs.set("space", "a", bytes(CAPACITY_BYTES))
    assert nvs.get("space", "a") == b"kept"


def test_the_first_flash_leaves_texts_as_preferences_stores_them() -> None:
    nvs = set_up("bot_7", bytes(range(32)), "http://127.0.0.1:1")
    assert nvs.get_text("airsketch", "product_id") == "bot_7"
    assert nvs.get("airsketch", "server") == b"\x08http://127.0.0.1:1"
    assert nvs.get_text("airsketch", "device_key") == bytes(range(32)).hex()
