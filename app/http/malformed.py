"""Requests that no application can answer, refused in front of them all."""

import json
from base64 import b64decode
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from app.http.responses import typical_problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOSTS = ("HTTP_HOST", "HTTP_X_FORWARDED_HOST")
_SOCKETS = "/socket.io"
_KEY_BYTES = 16


def refuse_malformed(app: "WSGIApplication") -> "WSGIApplication":
    """The application without the requests on which libraries or databases fail."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status = _refusal_of(environ)
        if status is None:
            return app(environ, start_response)
        body = json.dumps(typical_problem(status))
        return Response(body, status, content_type="application/problem+json")(environ, start_response)

    return answer


def _refusal_of(environ: "WSGIEnvironment") -> int | None:
    """The status of the refusal; None for a request that can be answered."""
    # PostgreSQL takes no zero byte in a text, so nothing has an id or a name with one.
    if "\0" in environ["PATH_INFO"]:
        return 404
    if "%00" in environ.get("QUERY_STRING", ""):
        return 400
    if not all(_is_host(environ.get(name, "")) for name in _HOSTS):
        return 400
    if environ["PATH_INFO"].startswith(_SOCKETS) and "HTTP_UPGRADE" in environ:
        return None if _is_handshake(environ) else 400
    return None


def _is_host(value: str) -> bool:
    """Whether a host has labels that a domain name can have; Werkzeug fails on others."""
    try:
        value.partition(":")[0].encode("idna")
    except UnicodeError:
        return False
    return True


def _is_handshake(environ: "WSGIEnvironment") -> bool:
    """Whether a request opens a WebSocket (RFC 6455, 4.2.1)."""
    try:
        key = b64decode(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""), validate=True)
    except ValueError:
        return False
    return (
        environ["HTTP_UPGRADE"].lower() == "websocket"
        and "upgrade" in environ.get("HTTP_CONNECTION", "").lower()
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and len(key) == _KEY_BYTES
    )
