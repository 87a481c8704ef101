"""Signed calls over HTTP; an answer that the server did not sign is no answer."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from app.http.device import signing

_TIMEOUT_S = 30
_SMALL_BUFFER_BYTES = 4096


class WireError(Exception):
    """The server cannot be reached, or its answer is not signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A signed answer; `body` is None when there is none."""

    status: int
    body: Any


class _SmallWindow(HTTPConnection):
    """Takes little at a time, as a bot's network stack does; else the kernel swallows a whole image."""

    def connect(self) -> None:
        """Connect with a receive window that is small from the beginning."""
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER_BYTES)
        self.sock.settimeout(_TIMEOUT_S)
        self.sock.connect((self.host, self.port))


class Wire:
    """The connection of one bot to one server.

    Args:
        server: for example `http://127.0.0.1:5000`.
        boots: how often the bot has booted; the upper half of the counter.
    """

    def __init__(self, server: str, device_id: str, key: bytes, *, boots: int) -> None:
        parts = urlsplit(server)
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host = parts.netloc
        self._device_id = device_id
        self.key = key
        self.boots = boots
        self._sequence = 0
        self.nonce = ""

    def boot(self) -> None:
        """Count a boot; the sequence starts again."""
        self.boots += 1
        self._sequence = 0

    def post(self, path: str, body: Mapping[str, object]) -> Answer:
        """Send a JSON body.

        Raises:
            WireError: no connection, or the answer is not signed.
        """
        data = json.dumps(body).encode()
        with self._open("POST", path, data, {"Content-Type": "application/json"}) as response:
            return self._checked(response)

    @contextmanager
    def get(self, path: str, headers: Mapping[str, str], *, slowly: bool) -> Iterator[HTTPResponse]:
        """Open a download; its bytes are not signed, the offer's digest speaks for them.

        Args:
            slowly: take little at a time, as a bot with little memory does.
        Raises:
            WireError: no connection.
        """
        with self._open("GET", path, b"", headers, slowly=slowly) as response:
            yield response

    @contextmanager
    def _open(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, slowly: bool = False
    ) -> Iterator[HTTPResponse]:
        kind = _SmallWindow if slowly and self._kind is HTTPConnection else self._kind
        connection = kind(self._host, timeout=_TIMEOUT_S)
        try:
            connection.request(method, path, body or None, {**self._signed(method, path, body), **headers})
            yield connection.getresponse()
        except OSError as error:
            raise WireError(f"no connection: {error}") from error
        finally:
            connection.close()

    def _signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        self._sequence += 1
        counter = f"{self.boots:08x}{self._sequence:08x}"
        self.nonce = os.urandom(16).hex()
        signature = signing.request_signature(
            self.key, method=method, path=path, counter=counter, nonce=self.nonce, body=body
        )
        return {
            "X-Device-Id": self._device_id,
            "X-Device-Counter": counter,
            "X-Device-Nonce": self.nonce,
            "X-Device-Signature": signature,
        }

    def _checked(self, response: HTTPResponse) -> Answer:
        body = response.read()
        expected = signing.answer_signature(self.key, status=response.status, nonce=self.nonce, body=body)
        if not signing.same(expected, response.headers.get("X-Server-Signature", "")):
            raise WireError(f"the answer {response.status} is not signed with this bot's key")
        return Answer(status=response.status, body=json.loads(body) if body else None)
