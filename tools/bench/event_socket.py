"""A Socket.IO connection as thin as can be, so that a hundred of them do not slow down what they measure.

It speaks Engine.IO 4 over one WebSocket (https://socket.io/docs/v4/engine-io-protocol): `0` opens, `2` is a
ping, `3` a pong, `4` a message; within a message `0` connects, `2` is an event, `3` an answer.
"""

import json
import time
from collections.abc import Callable
from typing import Any

import websocket

_LIMIT_S = 120.0


class EventSocket:
    """One page's socket.

    Args:
        url: of the server, `http://…`.
        cookies: the page's session cookies.
    """

    def __init__(self, url: str, cookies: dict[str, str]) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        address = url.replace("http://", "ws://", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._socket = websocket.create_connection(address, timeout=_LIMIT_S, cookie=cookie, origin=url)
        self._wait_for("0")
        self._socket.send("40")
        self._wait_for("40")

    def fileno(self) -> int:
        """For `selectors`."""
        sock = self._socket.sock
        assert sock is not None
        return int(sock.fileno())

    def subscribe(self, room: str) -> None:
        """Join a room."""
        self._socket.send("421" + json.dumps(["subscribe", {"room": room}]))
        answer = self._wait_for("431")
        assert json.loads(answer[3:]) == [{"ok": True}], answer

    def receive(self) -> str | None:
        """The next event as it is on the wire; None for a frame that is no event."""
        frame = str(self._socket.recv())
        if frame == "2":
            self._socket.send("3")
        return frame if frame.startswith("42") else None

    def wait_event(self, name: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first event of a name whose body fits."""
        end = time.monotonic() + _LIMIT_S
        while time.monotonic() < end:
            frame = self.receive()
            if frame is None:
                continue
            found, body = json.loads(frame[2:])
            if found == name and fits(body):
                return dict(body)
        raise AssertionError(f"no fitting {name} within {_LIMIT_S:.0f} s")

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def _wait_for(self, start: str) -> str:
        while True:
            frame = str(self._socket.recv())
            if frame == "2":
                self._socket.send("3")
            elif frame.startswith(start):
                return frame
            elif frame.startswith("44"):
                raise AssertionError(f"the server refused the socket: {frame}")
