"""The runtime of a request, and errors as HTTP responses."""

import logging
from collections.abc import Callable, Mapping
from typing import cast

from apiflask import HTTPError
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from app.http.extensions import db
from app.kernel import errors
from app.runtime import Runtime

logger = logging.getLogger(__name__)

RenderError = Callable[[int, str, str, Mapping[str, object] | None], Response]
"""Makes the response of an error: status, code, sentence, further members."""
_RENDER_ERROR = "airsketch_render_error"

_STATUS: tuple[tuple[type[errors.AppError], int], ...] = (
    (errors.Invalid, 422),
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.Conflict, 409),
    (errors.LimitExceeded, 429),
    (errors.Unavailable, 503),
)
# Limits that are about size, not about rate.
_TOO_LARGE = frozenset({"too_many_files", "file_too_big", "sketch_too_big", "upload_too_big"})
# A bot's update that has ended will never be open again.
_GONE = frozenset({"update_closed"})
_CODE_OF_STATUS = {
    400: "bad_request",
    401: "not_logged_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    416: "bad_range",
    422: "bad_value",
    429: "too_many_requests",
    500: "internal",
    503: "unavailable",
}
_TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "No longer available",
    413: "Too large",
    415: "Not JSON",
    416: "Range not available",
    422: "Invalid input",
    429: "Too many requests",
    500: "Internal server error",
    503: "Temporarily unavailable",
}
_DETAILS = {
    400: "The request cannot be understood. A body must be JSON (Content-Type: application/json).",
    401: "Log in first.",
    404: "There is nothing at this address.",
    405: "This address does not support that method.",
    413: "The request is too large.",
    415: "Send JSON (Content-Type: application/json).",
    416: "The image does not have these bytes. Request one range inside it.",
    429: "Too many requests. Wait a minute, then try again.",
    500: "Something went wrong on the server. It has been logged. Try again.",
}


def current_runtime() -> Runtime:
    """The runtime of the application that serves this request."""
    return cast(Runtime, current_app.extensions["airsketch"])


def status_of(error: errors.AppError) -> int:
    """The HTTP status of an expected error."""
    if error.code in _TOO_LARGE:
        return 413
    if error.code in _GONE:
        return 410
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem(status: int, code: str, detail: str, details: Mapping[str, object] | None = None) -> Response:
    """An error as problem details (RFC 9457) with a permanent `code`."""
    response = jsonify({**(details or {}), **_problem_body(status, code, detail)})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def typical_problem(status: int) -> dict[str, object]:
    """The body of an error of this status that no feature says more about; an example for documents."""
    code = _CODE_OF_STATUS.get(status, "conflict")
    return _problem_body(status, code, _DETAILS.get(status, _TITLES[status]))


def _problem_body(status: int, code: str, detail: str) -> dict[str, object]:
    return {
        "type": "about:blank",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
    }


def wants_json() -> bool:
    """Whether to answer with JSON: for every API path, and for clients that prefer it."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def error_answer(
    status: int, code: str, detail: str, details: Mapping[str, object] | None = None
) -> Response:
    """An error in the form that callers of this application read."""
    render: RenderError = current_app.extensions[_RENDER_ERROR]
    return render(status, code, detail, details)


def page_or_problem(
    status: int, code: str, detail: str, details: Mapping[str, object] | None = None
) -> Response:
    """An error for people as a page, for programs as problem JSON."""
    if wants_json():
        return problem(status, code, detail, details)
    page = render_template(
        "errors/error.html", status=status, title=_TITLES.get(status, "Error"), detail=detail, code=code
    )
    return Response(page, status=status, content_type="text/html; charset=utf-8")


def register_error_handlers(app: Flask, render: RenderError = page_or_problem) -> None:
    """Render every error of an application the same way."""
    app.extensions[_RENDER_ERROR] = render
    app.register_error_handler(errors.AppError, _on_app_error)
    app.register_error_handler(HTTPError, _on_bad_body)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(DataError, _on_unstorable)
    app.register_error_handler(Exception, _on_unexpected_error)
    app.teardown_request(_end_read)


def _on_app_error(error: errors.AppError) -> Response:
    return error_answer(status_of(error), error.code, error.message, error.details)


def _on_bad_body(error: HTTPError) -> Response:
    """An invalid body: the response names the fields, but does not repeat their values."""
    field_errors: dict[str, list[str]] = (
        next(iter(error.detail.values()), {}) if isinstance(error.detail, dict) else {}
    )
    if not field_errors or "_schema" in field_errors:
        return error_answer(error.status_code, "bad_value", "Send a JSON object with the documented fields.")
    field, messages = next(iter(field_errors.items()))
    detail = f"“{field}” is not accepted: {messages[0][:1].lower()}{messages[0][1:]}."
    return error_answer(error.status_code, "bad_value", detail, {"field": field, "fields": field_errors})


def _on_csrf_error(_error: CSRFError) -> Response:
    return error_answer(400, "csrf", "This page has expired. Reload it, then try again.")


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return cast(Response, error.get_response())
    code = _CODE_OF_STATUS.get(error.code, "error")
    answer = error_answer(error.code, code, _DETAILS.get(error.code, error.description or ""))
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow", "www-authenticate"}:
            answer.headers[name] = value
    return answer


def _on_unstorable(_error: DataError) -> Response:
    """A text with a zero byte, or a number out of range, which PostgreSQL refuses and SQLite does not."""
    # Without the error, which repeats what the caller sent.
    logger.warning("value_not_storable", extra={"path": request.path})
    return error_answer(422, "bad_value", "A text has a zero byte, or a number is out of range.")


def _on_unexpected_error(error: Exception) -> Response:
    logger.error("request_failed", exc_info=error, extra={"path": request.path})
    return error_answer(500, "internal", _DETAILS[500])


def _end_read(_error: BaseException | None) -> None:
    """Leave no read transaction open; a long download would keep SQLite's log from shrinking."""
    if db.session.registry.has():
        db.session.remove()
