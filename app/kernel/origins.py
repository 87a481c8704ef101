"""Origins: scheme, host and port of a server, in the one spelling that browsers use."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

_FORM = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?")
# RFC 1123: letters, digits, hyphens; foreign names are written as `xn--…`.
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LIKE_A_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a server is found; `host` is a name, an IPv4 address, or an IPv6 address in brackets."""

    scheme: str
    host: str
    port: int | None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}{f':{self.port}' if self.port else ''}"

    @property
    def is_ipv6(self) -> bool:
        """Whether the host is an IPv6 address, which no page's policy can name."""
        return self.host.startswith("[")

    @property
    def names_default_port(self) -> bool:
        """Whether the port could be left out; browsers leave it out."""
        return self.port == _DEFAULT_PORTS[self.scheme]


def read_origin(text: str) -> Origin:
    """Read `http://` or `https://`, a host, and perhaps a port; capital letters become small.

    Raises:
        ValueError: anything else, such as a path, a user name, a space or a wildcard.
    """
    found = _FORM.fullmatch(text.lower())
    if found is None or not text.isascii():
        raise ValueError("not an origin")
    scheme, host, port = found.groups()
    if int(port or 1) > _MAX_PORT or not _is_host(host):
        raise ValueError("not an origin")
    return Origin(scheme=scheme, host=host, port=int(port) if port else None)


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_address(IPv6Address, host[1:-1])
    labels = host.split(".")
    # Browsers take a name that ends in a number for an IPv4 address, in whatever spelling.
    if _LIKE_A_NUMBER.fullmatch(labels[-1]):
        return _is_address(IPv4Address, host)
    return all(_LABEL.fullmatch(label) for label in labels)


def _is_address(kind: type[IPv4Address] | type[IPv6Address], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True
