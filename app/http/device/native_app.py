"""The native protocol as an application of its own.

A bot brings no cookie and no form, so its calls pass by all that pages need: sessions, logins, tokens
against forgery, limits, headers for a browser. Together these cost more than the call itself.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response

from app.http.device import native
from app.http.device.progress import share_progress
from app.http.extensions import db
from app.http.responses import register_error_handlers
from app.kernel.database import ENGINE_OPTIONS, SINGLE_STATEMENTS, prepare

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_RUNTIME = "airsketch"


def make_native_app(pages: Flask) -> Flask:
    """The application that answers `/device/v1/`, with the outside parts of the pages' application."""
    app = Flask(native.bp.name, static_folder=None)
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
    register_error_handlers(app)
    app.register_blueprint(native.bp)
    app.after_request(_never_kept)
    return app


def in_front(app: Flask, pages: "WSGIApplication") -> "WSGIApplication":
    """Both applications as one: what bots call goes to `app`, all else to `pages`."""
    prefix = f"{native.bp.url_prefix}/"

    def choose(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_native = environ["PATH_INFO"].startswith(prefix)
        return (app.wsgi_app if is_native else pages)(environ, start_response)

    return choose


def _never_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
