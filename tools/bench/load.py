"""Many HTTP requests over kept-alive connections, from processes of their own.

The client is a bare socket: a comfortable one would use more of the machine than the server it measures.
"""

import multiprocessing
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

_LIMIT_S = 60.0
_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one connection sends.

    Attributes:
        requests: an endless supply of whole requests, made in the client's process before the clock starts.
        count: how many of them to send.
    """

    requests: Callable[[], Iterator[bytes]]
    count: int


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_LIMIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exchange(self, request: bytes) -> bytes:
        """Send a request; the whole answer."""
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._read()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = _length_of(head)
        while len(body) < length:
            body += self._read()
        return head + b"\r\n\r\n" + body

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def _read(self) -> bytes:
        data = self._socket.recv(_READ_BYTES)
        assert data, "the server closed the connection"
        return data


def run_loads(port: int, loads: Sequence[Load]) -> float:
    """Send all loads at once, each from a process of its own; seconds until the last answer.

    Every answer must be 200.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(loads) + 1)
    results = context.SimpleQueue()
    clients = [context.Process(target=_send, args=(port, load, barrier, results)) for load in loads]
    for client in clients:
        client.start()
    barrier.wait(_LIMIT_S)
    started = time.perf_counter()
    for client in clients:
        client.join()
    ended = time.perf_counter()
    errors = [error for error in (results.get() for _ in clients) if error]
    assert not errors, errors[0]
    return ended - started


def _send(port: int, load: Load, barrier: object, results: object) -> None:
    try:
        failure = _send_all(port, list(islice(load.requests(), load.count)), barrier)
    except Exception as error:
        # A client that ends in silence would be waited for in vain.
        failure = repr(error)
    results.put(failure)  # type: ignore[attr-defined]


def _send_all(port: int, requests: Iterable[bytes], barrier: object) -> str:
    barrier.wait(_LIMIT_S)  # type: ignore[attr-defined]
    connection = Connection(port)
    for request in requests:
        answer = connection.exchange(request)
        if not answer.startswith(b"HTTP/1.1 200 "):
            return answer[:500].decode(errors="replace")
    connection.close()
    return ""


def _length_of(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise AssertionError(f"an answer without a length: {head!r}")
