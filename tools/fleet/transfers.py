"""HTTP of a bot: requests as an image writes them, answers with the faults that were asked for."""

import contextlib
import http.client
import time
from collections.abc import Callable, Iterator
from enum import IntEnum
from urllib.parse import urlsplit

from tools.fleet.faults import Disturbance, FaultKind, Injector

MAX_OPEN = 4
_DEVICE_PATHS = "/device/"
_SLICE_S = 0.1


class HttpError(IntEnum):
    """Error numbers of Arduino's HTTPClient; HOST_INTERFACE.md."""

    REFUSED = -1
    LOST = -5
    TOO_MANY = -8
    TIMED_OUT = -11


class Broken(Exception):
    """A transfer ended before its end."""

    def __init__(self, error: HttpError) -> None:
        super().__init__(error.name)
        self.error = error


class Transfer:
    """One request and its answer.

    Args:
        server: the only server that may be asked, for example `http://127.0.0.1:5000`.
        request: `METHOD SP URL LF`, then `Name: value LF` for each header.
        timeout_s: for each wait.
        rest: waits some seconds, or ends the bot.
    Raises:
        Broken: there is no answer, or the host does not allow this address.
    """

    def __init__(
        self,
        server: str,
        request: str,
        body: bytes,
        *,
        timeout_s: float,
        injector: Injector,
        rest: Callable[[float], None],
    ) -> None:
        first, *lines = request.splitlines()
        self.method, _, url = first.partition(" ")
        self.path = url.removeprefix(server)
        if not url.startswith(server) or not self.path.startswith(_DEVICE_PATHS):
            raise Broken(HttpError.REFUSED)
        self._timeout_s = timeout_s
        self._injector = injector
        self._rest = rest
        self._done_bytes = 0
        self._connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=timeout_s)
        headers = dict(line.split(": ", 1) for line in lines)
        self._answer = self._ask(body, headers)
        self._disturbance = injector.disturbance(self.path, self.size_bytes)

    @property
    def status(self) -> int:
        """The answer's status."""
        return self._answer.status

    @property
    def size_bytes(self) -> int:
        """Size of the answer's body; -1 if the server did not say."""
        return int(self._answer.headers.get("Content-Length", -1))

    @property
    def is_complete(self) -> bool:
        """Whether all of the answer's body was read, or there is none."""
        return self._done_bytes == self.size_bytes

    def header(self, name: str) -> str | None:
        """A header of the answer, any case."""
        return self._answer.headers.get(name)

    def read(self, capacity: int) -> bytes:
        """The next bytes of the body, at most `capacity`; empty at the end.

        Raises:
            Broken: the connection was lost or nothing came in time.
        """
        disturbance = self._disturbance
        if disturbance is None or self._done_bytes + capacity <= disturbance.at_byte:
            return self._take(capacity)
        until = disturbance.at_byte - self._done_bytes
        if until > 0 and disturbance.kind is not FaultKind.CORRUPT:
            return self._take(until)
        self._disturbance = None
        self._injector.happened()
        return self._disturbed(disturbance, capacity)

    def close(self) -> None:
        """End it, finished or not."""
        # An answer that ends with its connection holds the socket itself.
        self._answer.close()
        self._connection.close()

    def _disturbed(self, disturbance: Disturbance, capacity: int) -> bytes:
        if disturbance.kind is FaultKind.CORRUPT:
            at = disturbance.at_byte - self._done_bytes
            data = bytearray(self._take(capacity))
            data[at] ^= 0x20
            return bytes(data)
        if disturbance.kind is FaultKind.STALL:
            end = time.monotonic() + self._timeout_s
            while time.monotonic() < end:
                self._rest(_SLICE_S)
        self.close()
        raise Broken(HttpError.TIMED_OUT if disturbance.kind is FaultKind.STALL else HttpError.LOST)

    def _ask(self, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
        path, sent = self.path, body if body or self.method == "POST" else None
        with self._errors():
            self._connection.request(self.method, path, body=sent, headers=headers)
            return self._connection.getresponse()

    def _take(self, capacity: int) -> bytes:
        with self._errors():
            data = self._answer.read(capacity)
        self._done_bytes += len(data)
        return data

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            self._connection.close()
            raise Broken(HttpError.TIMED_OUT) from None
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise Broken(HttpError.LOST) from None
