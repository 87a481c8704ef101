"""An id for every request, on its log lines and in its response."""

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.wsgi import ClosingIterator

from app.kernel.logging import bind, unbind_all

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[0-9A-Za-z._-]{8,64}", re.ASCII)
_ID_BYTES = 8
# Ids in a request's URL, by which somebody may search the log.
_SUBJECTS = ("build_id", "device_id")


def with_request_ids(app: "WSGIApplication") -> "WSGIApplication":
    """The application, with the id that a proxy gave the request, or one of our own."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request_id = _id_of(environ)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, (HEADER, request_id)], *error)

        bind(request_id=request_id)
        try:
            body = app(environ, start)
        except BaseException:
            unbind_all()
            raise
        return ClosingIterator(body, unbind_all)

    return answer


def bind_subjects(app: Flask) -> None:
    """Put the bot and the build that an address names on the lines of the request."""
    app.before_request(_bind_subjects)


def _bind_subjects() -> None:
    named = request.view_args or {}
    bind(**{name: named[name] for name in _SUBJECTS if name in named})


def _id_of(environ: "WSGIEnvironment") -> str:
    given: str = environ.get("HTTP_X_REQUEST_ID", "")
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(_ID_BYTES)
