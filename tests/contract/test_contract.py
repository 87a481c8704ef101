"""What is shared with pages and bots is written down, and the file is current."""

from typing import get_type_hints

import pytest

from app.http.api.openapi import EVENT_BODIES
from tests.contract.generate import CONTRACT_FILE, as_text, contract


def test_the_contract_is_current() -> None:
    assert CONTRACT_FILE.read_text(encoding="utf-8") == as_text(), "run `make contract`"


@pytest.mark.parametrize("name", list(contract()["examples"]))
def test_an_example_has_exactly_the_declared_keys(name: str) -> None:
    assert list(contract()["examples"][name]) == contract()["payloads"][name]


def test_the_body_of_each_event_is_declared() -> None:
    bodies = {kind.__name__: list(get_type_hints(kind)) for kind in EVENT_BODIES.values()}
    assert bodies.items() <= contract()["payloads"].items()


def test_codes_are_told_apart() -> None:
    for name, codes in contract().items():
        if isinstance(codes, list):
            assert len(set(codes)) == len(codes) > 0, name
