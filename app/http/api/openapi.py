"""The OpenAPI 3.1 document of this API, generated from the routes.

What a route answers is its return type, so the description cannot drift from the code: mypy proves that a
route returns what it says, and this module turns that type into a schema. A route names its statuses with
`@bp.doc(responses=…)`; the errors that any route may answer are added here.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, get_args, get_origin, get_type_hints

from apiflask import APIFlask
from flask import Response
from pydantic import TypeAdapter
from typing_extensions import TypedDict, is_typeddict

from app.builds.payload import BuildPayload, LogPayload, QueuePayload
from app.devices.payload import DeviceLogPayload, DevicePayload
from app.events.names import EventName
from app.http.responses import typical_problem
from app.sketches.payload import SketchPayload
from app.toolchain.payload import CatalogPayload
from app.updates.payload import UpdatePayload

PREFIX = "/api/v1"
SPEC_PATH = f"{PREFIX}/openapi.json"

EVENT_BODIES: dict[EventName, type] = {
    EventName.BUILD_CHANGED: BuildPayload,
    EventName.BUILD_LOG: LogPayload,
    EventName.BUILD_QUEUE: QueuePayload,
    EventName.DEVICE_CHANGED: DevicePayload,
    EventName.DEVICE_LOG: DeviceLogPayload,
    EventName.UPDATE_CHANGED: UpdatePayload,
    EventName.SKETCH_SAVED: SketchPayload,
    EventName.BOARDS_CHANGED: CatalogPayload,
}
"""What each Socket.IO event carries."""

_Answer = dict[str, str | dict[str, dict[str, Any]]]
_BINARY = {"type": "string", "format": "binary"}

_REF = "#/components/schemas/{model}"
_PROBLEM_TYPE = "application/problem+json"
_CHANGING = frozenset({"post", "put", "patch", "delete"})
_DESCRIPTION = """\
JSON over HTTP for logged-in users. Every changing request needs the CSRF token of the page's
`<meta name="csrf-token">` in the header `X-CSRFToken`. Other users' objects answer `404`.
Socket.IO events carry the same payloads; they are listed under webhooks.
"""

Schema = dict[str, Any]


class Problem(TypedDict):
    """An error as problem details (RFC 9457); some codes carry further members, such as `field`."""

    type: str
    title: str
    status: int
    detail: str
    code: str


def sends_file(media_type: str, *errors: int) -> dict[int | str, _Answer]:
    """For `@bp.doc(responses=…)`: the answer is a file, or one of these errors."""
    answers: dict[int | str, _Answer] = {
        200: {"description": "The file", "content": {media_type: {"schema": _BINARY}}}
    }
    return answers | {status: {"description": HTTPStatus(status).phrase} for status in errors}


def openapi_config() -> dict[str, Any]:
    """Settings of APIFlask that concern the description."""
    return {
        "OPENAPI_VERSION": "3.1.0",
        "LOCAL_SPEC_JSON_INDENT": 2,
        "AUTO_SERVERS": False,
        "AUTO_OPERATION_ID": True,
        "AUTO_404_RESPONSE": False,
        "HTTP_ERROR_SCHEMA": {"$ref": _REF.format(model="Problem")},
        "VALIDATION_ERROR_SCHEMA": {"$ref": _REF.format(model="Problem")},
        "SECURITY_SCHEMES": {
            "session": {"type": "apiKey", "in": "cookie", "name": "airsketch"},
            "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
        },
    }


def complete(app: APIFlask, spec: dict[str, Any]) -> dict[str, Any]:
    """The whole description, from what APIFlask found: answers, errors, events and their schemas."""
    spec["info"]["description"] = _DESCRIPTION
    spec["paths"] = {path: item for path, item in spec["paths"].items() if path.startswith(PREFIX)}
    schemas: dict[str, Schema] = spec["components"].setdefault("schemas", {})
    del schemas["ValidationError"]  # APIFlask's name for what is a Problem here.
    _schema_of(Problem, schemas)
    for path, method, operation in _operations(spec):
        _describe_answers(operation, _returned(app, operation["operationId"]), schemas)
        _add_errors(operation, path, method)
        operation["security"] = [{"session": [], "csrf": []} if method in _CHANGING else {"session": []}]
    spec["webhooks"] = {event: _event(event, body, schemas) for event, body in EVENT_BODIES.items()}
    spec["components"]["schemas"] = {name: _without_titles(schemas[name]) for name in sorted(schemas)}
    return spec


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _returned(app: APIFlask, operation_id: str) -> Any:
    """The type of the body that a route answers; `Response` for a file, `str` for none."""
    endpoint = operation_id.partition("_")[2]
    view = next(view for name, view in app.view_functions.items() if name.replace(".", "_") == endpoint)
    returned = get_type_hints(view, include_extras=True)["return"]
    return get_args(returned)[0] if get_origin(returned) is tuple else returned


def _describe_answers(operation: dict[str, Any], body: Any, schemas: dict[str, Schema]) -> None:
    for status, answer in operation["responses"].items():
        if not status.startswith("2") or status == "204" or body is Response:
            continue
        answer["content"] = {"application/json": {"schema": _schema_of(body, schemas)}}


def _add_errors(operation: dict[str, Any], path: str, method: str) -> None:
    """Give each error its form, and add those that any such route may answer."""
    answers = operation["responses"]
    expected = {401, 429, 503}
    if method in _CHANGING:
        expected |= {400, 403}
    if "{" in path:
        expected |= {404}
    if "requestBody" in operation:
        expected |= {413, 415, 422}
    for status in sorted(expected | {int(code) for code in answers if code.startswith(("4", "5"))}):
        answer = answers.setdefault(str(status), {"description": HTTPStatus(status).phrase})
        answer["content"] = {
            _PROBLEM_TYPE: {
                "schema": {"$ref": _REF.format(model="Problem")},
                "example": typical_problem(status),
            }
        }


def _event(name: str, body: type, schemas: dict[str, Schema]) -> Schema:
    content = {"application/json": {"schema": _schema_of(body, schemas)}}
    return {
        "post": {
            "summary": name,
            "requestBody": {"content": content},
            "responses": {"200": {"description": "An event is not answered."}},
        }
    }


def _schema_of(kind: Any, schemas: dict[str, Schema]) -> Schema:
    """The schema of a type; those it is made of are added to `schemas` by their names."""
    made = TypeAdapter(kind).json_schema(ref_template=_REF, mode="serialization")
    schemas.update(made.pop("$defs", {}))
    if not is_typeddict(kind):
        return made
    schemas[kind.__name__] = made
    return {"$ref": _REF.format(model=kind.__name__)}


def _without_titles(schema: Schema) -> Schema:
    """A schema whose fields have no titles: pydantic's only repeat their names."""
    fields = schema.get("properties", {}).values()
    for field in fields:
        field.pop("title", None)
    return schema
