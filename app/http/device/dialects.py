"""The device dialects: their URLs, and the format of their errors.

A dialect is a module with a blueprint: it parses a call, authenticates it (`auth.py`), asks the services
and renders their answer. Being listed here makes its addresses those of bots: they need no login and no
token against forged requests, and count for no rate limit. Addresses below a prefix of `DIALECTS` never
reach the pages' application.
"""

from dataclasses import dataclass

from flask import Blueprint

from app.http.device import native, static_link
from app.http.responses import RenderError, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One protocol.

    Attributes:
        prefix: every address that begins with it belongs to this dialect, with a slash at the end.
        render_error: makes the response of status, code, sentence and further members.
    """

    prefix: str
    blueprint: Blueprint
    render_error: RenderError


DIALECTS = (Dialect(prefix="/device/v1/", blueprint=native.bp, render_error=problem),)

WITH_PAGES = (static_link.bp,)
"""Served by the pages' application, because the owner of a bot may follow its link as well."""


def dialect_of(path: str) -> Dialect | None:
    """The dialect of a URL; None for everything else."""
    return next((dialect for dialect in DIALECTS if path.startswith(dialect.prefix)), None)
