"""The API's description: complete, valid, and true of what the routes answer."""

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app.events.names import EventName
from app.http.api.openapi import PREFIX, SPEC_PATH


@pytest.fixture
def spec(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(SPEC_PATH)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_open_api_3_1(spec: dict[str, Any]) -> None:
    assert spec["openapi"] == "3.1.0"


def test_each_route_is_described(app: APIFlask, spec: dict[str, Any]) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)}
    described = {path.replace("{", "<").replace("}", ">") for path in spec["paths"]}
    plain = {rule.replace("<int:", "<") for rule in rules}
    assert plain - described == {SPEC_PATH}


def test_each_event_is_described(spec: dict[str, Any]) -> None:
    assert set(spec["webhooks"]) == set(EventName)


def test_it_names_no_schema_that_is_missing(spec: dict[str, Any]) -> None:
    assert _references(spec) <= {f"#/components/schemas/{name}" for name in spec["components"]["schemas"]}


def _references(part: object) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*map(_references, part.values()))
    if isinstance(part, list):
        return set().union(*map(_references, part))
    return set()
