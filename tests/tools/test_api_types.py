"""The browser code's types are those of the API's description."""

import pytest

from tools.api_types.__main__ import TYPES_FILE, description, types_of


def test_the_types_are_those_of_the_description() -> None:
    assert TYPES_FILE.read_text(encoding="utf-8") == types_of(description()), "run `make api-types`"


@pytest.mark.parametrize("name", ["BuildPayload", "DevicePayload", "UpdatePayload", "Problem"])
def test_payloads_have_a_type(name: str) -> None:
    assert f"export interface {name} " in TYPES_FILE.read_text(encoding="utf-8")
