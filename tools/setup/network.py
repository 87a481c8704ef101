"""Whether the open internet is there, found out quickly."""

import socket
import threading
from urllib.request import getproxies

_LIMIT_S = 4.0


def is_reachable(host: str, port: int = 443, limit_s: float = _LIMIT_S) -> bool:
    """Whether a connection to a host can be opened within a limit.

    The attempt runs in a thread of its own: a socket's time-out does not cover the time of a name server.
    Behind a proxy the answer is always yes, because only the proxy can tell.
    """
    if "https" in getproxies():
        return True
    found = threading.Event()

    def attempt() -> None:
        try:
            socket.create_connection((host, port), timeout=limit_s).close()
        except OSError:
            return
        found.set()

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(limit_s)
    return found.is_set()
