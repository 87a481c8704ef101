"""JSON of requests: read, or refused as no JSON."""

import pytest
from apiflask import APIFlask

from app.http.json_bodies import JsonBodies


def test_json_is_read(app: APIFlask) -> None:
    assert JsonBodies(app).loads('{"a": [1, "b"]}') == {"a": [1, "b"]}


@pytest.mark.parametrize("text", ["", "{", "[" * 5000 + "]" * 5000, '{"a":' * 5000 + "1" + "}" * 5000])
def test_what_cannot_be_read_is_a_value_error(app: APIFlask, text: str) -> None:
    with pytest.raises(ValueError):
        JsonBodies(app).loads(text)
