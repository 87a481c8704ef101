"""The parts of the web application, assembled; only `create_app` imports this."""

from typing import Any, cast

from apiflask import APIFlask
from sqlalchemy.orm import Session

from app import cli
from app.events.publisher import CHANNEL
from app.http import api
from app.http import pages as web
from app.http.actor import register_login
from app.http.api.openapi import SPEC_PATH, complete, openapi_config
from app.http.device.device_app import in_front, make_device_app
from app.http.device.dialects import WITH_PAGES
from app.http.device.progress import register_progress
from app.http.extensions import csrf, db, limiter, login_manager, migrate, socketio
from app.http.flask_config import flask_config, trust_proxies
from app.http.guard import register_guard
from app.http.json_bodies import JsonBodies
from app.http.malformed import refuse_malformed
from app.http.pages.live import EventsNamespace
from app.http.pages.security import register_security
from app.http.request_ids import bind_subjects, with_request_ids
from app.http.responses import register_error_handlers
from app.kernel.database import prepare
from app.runtime import Runtime, make_runtime
from config import ROOT, VERSION, Settings


def assemble(settings: Settings, runtime: Runtime | None) -> APIFlask:
    """The application with extensions, runtime, surfaces and commands."""
    app = APIFlask(
        "app",
        title="Airsketch",
        version=VERSION,
        spec_path=SPEC_PATH,
        docs_path=None,
        json_errors=False,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(flask_config(settings) | openapi_config())
    app.spec_processor(lambda spec: complete(app, cast(dict[str, Any], spec)))
    app.json = JsonBodies(app)
    trust_proxies(app, settings.trusted_proxies)
    _bind_extensions(app, settings)
    app.extensions["airsketch"] = runtime or make_runtime(settings, _request_session)
    register_error_handlers(app)
    register_login(login_manager)
    register_guard(app, of_bots=[blueprint.name for blueprint in WITH_PAGES])
    register_security(app)
    _register_surfaces(app)
    _let_bots_pass(app)
    bind_subjects(app)
    app.wsgi_app = with_request_ids(refuse_malformed(app.wsgi_app))  # type: ignore[assignment, method-assign]
    cli.register_commands(app)
    return app


def _request_session() -> Session:
    return db.session()


def _bind_extensions(app: APIFlask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "app" / "migrations"))
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    socketio.init_app(
        app,
        async_mode="threading",
        transports=["websocket"],
        message_queue=settings.redis_url or None,
        channel=CHANNEL,
        cors_allowed_origins=[settings.public_origin] if settings.public_origin else None,
    )
    socketio.on_namespace(EventsNamespace("/"))


def _register_surfaces(app: APIFlask) -> None:
    for blueprint in (*web.blueprints, *api.blueprints, *WITH_PAGES):
        app.register_blueprint(blueprint)
    for blueprint in WITH_PAGES:
        # Bots prove themselves by their key, not by a page's token; they poll at their own pace.
        csrf.exempt(blueprint)
        limiter.exempt(blueprint)


def _let_bots_pass(app: APIFlask) -> None:
    register_progress(app)
    device_app = make_device_app(app)
    app.extensions["device_app"] = device_app
    app.wsgi_app = in_front(device_app, app.wsgi_app)  # type: ignore[assignment, method-assign]
