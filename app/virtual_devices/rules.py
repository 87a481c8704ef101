"""Origins: the other servers that a bot in a browser may ask, as its owner names them."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import NewType

from app.kernel.errors import Invalid

Origin = NewType("Origin", str)

MAX_ORIGINS = 8
MAX_ORIGIN_CHARS = 120
_FORM = re.compile(r"(https?)://([a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?")
# What a page's policy can name: letters, digits, hyphens. No underscore, and no IPv6 address.
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LIKE_A_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORTS = {("http", "80"), ("https", "443")}
_MAX_PORT = 65535


def parse_origin(text: str) -> Origin:
    """Accept an origin as a browser writes it: small letters, foreign names as `xn--…`, no default port.

    Raises:
        Invalid: anything else, such as a path, a user name, a space, a wildcard or an IPv6 address.
    """
    found = _FORM.fullmatch(text)
    if found is None or len(text) > MAX_ORIGIN_CHARS:
        raise _bad(text)
    scheme, host, port = found.groups()
    if (scheme, port) in _DEFAULT_PORTS or int(port or 1) > _MAX_PORT or not _is_host(host):
        raise _bad(text)
    return Origin(text)


def parse_origins(texts: Iterable[str], *, own: Iterable[str]) -> list[Origin]:
    """Accept the origins one bot may ask, each once, in the given order.

    Args:
        own: where this server is found; its device endpoints are open to bots, all else never.
    Raises:
        Invalid: too many, one has not the right form, or it is this server.
    """
    origins = list(dict.fromkeys(parse_origin(text) for text in texts))
    if len(origins) > MAX_ORIGINS:
        raise Invalid(
            "too_many_origins",
            f"A bot may ask at most {MAX_ORIGINS} other servers.",
            {"field": "origins", "limit": MAX_ORIGINS},
        )
    for origin in set(own).intersection(origins):
        raise Invalid(
            "own_origin",
            "This server cannot be allowed: a bot reaches its own addresses here, and nothing else.",
            {"field": "origins", "origin": origin},
        )
    return origins


def _is_host(host: str) -> bool:
    labels = host.split(".")
    if _LIKE_A_NUMBER.fullmatch(labels[-1]):
        return _is_ipv4(host)
    return all(_LABEL.fullmatch(label) for label in labels)


def _is_ipv4(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except ValueError:
        return False


def _bad(text: str) -> Invalid:
    return Invalid(
        "bad_origin",
        "Write where it is found, like https://api.example.org or http://192.168.1.20:8000, and no path.",
        {"field": "origins", "origin": text[:MAX_ORIGIN_CHARS]},
    )
