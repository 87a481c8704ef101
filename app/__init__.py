"""Airsketch: a web application that builds Arduino sketches and sends them to bots.

Importing this package loads nothing: the worker and the domain live without Flask.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # The names in the signature of `create_app`; everything else is imported inside it.
    from apiflask import APIFlask

    from app.runtime import Runtime
    from config import Settings


def create_app(settings: "Settings", runtime: "Runtime | None" = None) -> "APIFlask":
    """The web application.

    Args:
        runtime: the outside parts; None makes the real ones. Tests give fakes.
    """
    from app.assembly import assemble

    return assemble(settings, runtime)
