"""The WSGI application for bots.

A bot brings no cookie and no form, so its calls skip everything that pages need: sessions, logins, tokens
against forgery, limits, headers for a browser. Together these cost more than the call itself.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from app.http.device.dialects import DIALECTS, dialect_of
from app.http.device.progress import share_progress
from app.http.extensions import db
from app.http.responses import problem, register_error_handlers
from app.kernel.database import ENGINE_OPTIONS, SINGLE_STATEMENTS, prepare

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_RUNTIME = "airsketch"


def make_device_app(pages: Flask) -> Flask:
    """The application that answers every dialect, with the outside parts of the pages' application."""
    app = Flask("device", static_folder=None)
    app.config["SQLALCHEMY_DATABASE_URI"] = pages.config["SQLALCHEMY_DATABASE_URI"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        **ENGINE_OPTIONS,
        "execution_options": SINGLE_STATEMENTS,
    }
    app.extensions[_RUNTIME] = pages.extensions[_RUNTIME]
    share_progress(pages, app)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    register_error_handlers(app, _render_error)
    for dialect in DIALECTS:
        app.register_blueprint(dialect.blueprint)
    app.after_request(_never_cached)
    return app


def in_front(app: Flask, pages: "WSGIApplication") -> "WSGIApplication":
    """Both applications as one: the URLs of bots go to `app`, all others to `pages`."""

    def choose(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_of_bot = dialect_of(environ["PATH_INFO"]) is not None
        return (app.wsgi_app if is_of_bot else pages)(environ, start_response)

    return choose


def _render_error(status: int, code: str, detail: str, details: Mapping[str, object] | None) -> Response:
    dialect = dialect_of(request.path)
    return (dialect.render_error if dialect else problem)(status, code, detail, details)


def _never_cached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
