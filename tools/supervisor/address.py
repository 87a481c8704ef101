"""Where the page is served, and whether it answers."""

import http.client
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tools.setup.errors import SetupError

# Loopback by default: the demo account's password is known to everybody. `HOST=0.0.0.0` opens the page to the
# bots and browsers of the local network.
_DEFAULT_HOST = "127.0.0.1"
_DEFAULT_PORT = 5000
_EVERYWHERE = ("0.0.0.0", "::")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# TEST-NET-1 (RFC 5737): nothing is sent there; the system only says which of its addresses it would use.
_OUTSIDE = ("192.0.2.1", 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Host and port of the web server.

    Attributes:
        host: name or address to listen on.
        port: 1 to 65535.
    """

    host: str = _DEFAULT_HOST
    port: int = _DEFAULT_PORT

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read `HOST` and `PORT`.

        Raises:
            SetupError: `PORT` is no port.
        """
        port = env.get("PORT") or str(_DEFAULT_PORT)
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise SetupError(
                f"PORT is “{port}”, which is not a port number.", "Choose a number from 1 to 65535."
            )
        return cls(host=env.get("HOST") or _DEFAULT_HOST, port=int(port))

    @property
    def bind(self) -> str:
        """The address in gunicorn's notation."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return self.host in _LOOPBACK

    @property
    def local_host(self) -> str:
        """A host name under which this machine itself reaches the page."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    def urls(self) -> list[str]:
        """Addresses that work in a browser, the nearest first."""
        hosts = [self.local_host]
        if self.host in _EVERYWHERE:
            outside = _outside_address()
            hosts += [outside] if outside else []
        return [f"http://{f'[{host}]' if ':' in host else host}:{self.port}/" for host in hosts]

    def refuse_if_taken(self) -> None:
        """Make sure that the address can be listened on.

        Raises:
            SetupError: another program listens there, or the host is not of this machine.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((self.host, self.port))
        except PermissionError:
            raise SetupError(
                f"Port {self.port} is reserved.", "Choose one above 1023: PORT=5001 make run"
            ) from None
        except socket.gaierror:
            raise self._unknown_host() from None
        except OSError as error:
            if self._answers_connections():
                raise SetupError(
                    f"Port {self.port} is used by another program.",
                    f"Stop that program or choose another port: PORT={self.port % 65535 + 1} make run",
                ) from error
            raise self._unknown_host() from error

    def _unknown_host(self) -> SetupError:
        return SetupError(
            f"Cannot listen on “{self.host}” port {self.port}.",
            "Set HOST to 127.0.0.1 (this machine) or 0.0.0.0 (the whole network), or choose another PORT.",
        )

    def _answers_connections(self) -> bool:
        try:
            socket.create_connection((self.local_host, self.port), timeout=2).close()
        except OSError:
            return False
        return True

    def page_answers(self) -> bool:
        """Whether the page is really served: any answer that is not a server's error."""
        connection = http.client.HTTPConnection(self.local_host, self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _outside_address() -> str | None:
    """This machine's address in its network, if it has one."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_OUTSIDE)
            return str(probe.getsockname()[0])
    except OSError:
        return None
