"""Origins: the other servers that a bot in a browser may contact, as its owner lists them."""

from collections.abc import Iterable
from typing import NewType

from app.kernel.errors import Invalid
from app.kernel.origins import read_origin

Origin = NewType("Origin", str)

MAX_ORIGINS = 8
MAX_ORIGIN_CHARS = 120


def parse_origin(text: str) -> Origin:
    """Accept an origin as a browser writes it: small letters, foreign names as `xn--…`, no default port.

    Raises:
        Invalid: anything else, such as a path, a user name, a space, a wildcard or an IPv6 address.
    """
    try:
        origin = read_origin(text)
    except ValueError:
        raise _bad(text) from None
    # A page's policy, which has to name it, knows no IPv6 address.
    if str(origin) != text or origin.names_default_port or origin.is_ipv6 or len(text) > MAX_ORIGIN_CHARS:
        raise _bad(text)
    return Origin(text)


def parse_origins(texts: Iterable[str], *, own: Iterable[str]) -> list[Origin]:
    """Accept the origins one bot may contact, each once, in the given order.

    Args:
        own: where this server is found; its device endpoints are open to bots, all else never.
    Raises:
        Invalid: too many, one has not the right form, or it is this server.
    """
    origins = list(dict.fromkeys(parse_origin(text) for text in texts))
    if len(origins) > MAX_ORIGINS:
        raise Invalid(
            "too_many_origins",
            f"A bot may contact at most {MAX_ORIGINS} other servers.",
            {"field": "origins", "limit": MAX_ORIGINS},
        )
    for origin in set(own).intersection(origins):
        raise Invalid(
            "own_origin",
            "This server cannot be allowed: a bot can only reach its own URLs here.",
            {"field": "origins", "origin": origin},
        )
    return origins


def _bad(text: str) -> Invalid:
    return Invalid(
        "bad_origin",
        "Enter an address like https://api.example.org or http://192.168.1.20:8000, without a path.",
        {"field": "origins", "origin": text[:MAX_ORIGIN_CHARS]},
    )
