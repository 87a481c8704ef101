"""The one place that decides which URLs need a login: all that are not listed here."""

from collections.abc import Collection

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.http.responses import problem, wants_json
from app.kernel.errors import Forbidden

_PUBLIC_RULES = frozenset(
    {
        "/",
        "/login",
        "/register",
        "/healthz",
        "/api/v1/openapi.json",
        "/api/v1/docs",
        "/api/v1/redoc",
    }
)
_STATIC_FILES = "/static/"
_OPEN_BEFORE_PASSWORD_CHANGE = frozenset({"/account", "/logout", "/healthz"})


def register_guard(app: Flask, *, of_bots: Collection[str]) -> None:
    """Require a login for every URL that is not public.

    Args:
        of_bots: names of blueprints whose callers prove themselves in another way.
    """
    app.before_request(lambda: None if request.blueprint in of_bots else guard())


def guard() -> ResponseReturnValue | None:
    """Require a login, and of a new owner a password change, outside the public URLs."""
    if request.url_rule is None:
        return None
    rule = request.url_rule.rule
    if rule.startswith(_STATIC_FILES):
        return None
    if not current_user.is_authenticated:
        return None if rule in _PUBLIC_RULES else _ask_to_log_in()
    if not current_user.must_change_password or rule in _OPEN_BEFORE_PASSWORD_CHANGE:
        return None
    if wants_json():
        raise Forbidden("must_change_password", "Choose a password of your own first.")
    return redirect(url_for("auth.account"))


def _ask_to_log_in() -> ResponseReturnValue:
    if wants_json():
        return problem(401, "not_logged_in", "Log in first.")
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.log_in", next=target))
