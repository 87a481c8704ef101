"""The API's description: complete, valid, and true of what the routes answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.accounts.tables import Account
from app.events.names import EventName
from app.http.api.openapi import PREFIX, SPEC_PATH
from app.sketches.tables import Sketch

Login = Callable[[FlaskClient, Account], FlaskClient]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES_PER_ROUTE = 8


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
    assert plain - described == {SPEC_PATH, f"{PREFIX}/docs", f"{PREFIX}/redoc"}


def test_each_answer_with_a_body_has_a_schema(spec: dict[str, Any]) -> None:
    bare = [
        f"{method} {path} {status}"
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        for status, answer in operation["responses"].items()
        if status != "204"
        and not all(kind.get("schema") for kind in answer.get("content", {"": {}}).values())
    ]
    assert bare == []


def test_each_error_has_an_example_of_its_status(spec: dict[str, Any]) -> None:
    answers = [
        (int(status), answer["content"]["application/problem+json"]["example"]["status"])
        for item in spec["paths"].values()
        for operation in item.values()
        for status, answer in operation["responses"].items()
        if status >= "400"
    ]
    assert answers
    assert [pair for pair in answers if pair[0] != pair[1]] == []


@pytest.mark.parametrize("field", ["id", "fqbn", "created_at", "image_digest"])
def test_the_fields_of_payloads_have_examples(spec: dict[str, Any], field: str) -> None:
    described = spec["components"]["schemas"]["BuildPayload"]["properties"][field]
    assert described["examples"]


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


def _operations(app: APIFlask) -> Iterator[Any]:
    app.config["RATELIMIT_ENABLED"] = False
    for found in schemathesis.openapi.from_wsgi(SPEC_PATH, app).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def test_routes_answer_as_described(
    app: APIFlask, client: FlaskClient, login: Login, owner: Account, sketch: Sketch
) -> None:
    login(client, owner)
    cookie = client.get_cookie("airsketch")
    assert cookie is not None
    for operation in _operations(app):
        _try(operation, {"airsketch": cookie.value})


def _try(operation: Any, cookies: dict[str, str]) -> None:
    """Call one route with generated requests, valid and not."""

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES_PER_ROUTE, deadline=None, derandomize=True, database=None)
    def call(case: Any) -> None:
        case.call_and_validate(cookies=cookies, checks=CHECKS)

    call()
