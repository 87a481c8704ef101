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
    from apiflask import APIFlask
    from sqlalchemy.orm import Session

    from app import api, cli, device_api, web
    from app.adapters.database import prepare
    from app.adapters.event_publisher import CHANNEL
    from app.extensions import csrf, db, limiter, login_manager, migrate, socketio
    from app.flask_config import flask_config, trust_proxies
    from app.http import register_error_handlers
    from app.live.namespace import NewsNamespace
    from app.runtime import make_runtime
    from app.web.auth import register_login
    from app.web.security import register_security

    app = APIFlask(
        __name__,
        title="Airsketch",
        version="1",
        docs_path=None,
        json_errors=False,
        template_folder="../templates",
        static_folder="../static",
    )
    app.config.update(flask_config(settings))
    trust_proxies(app, settings.trusted_proxies)

    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    migrate.init_app(app, db, directory="app/models/migrations")
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
    socketio.on_namespace(NewsNamespace("/"))

    def request_session() -> Session:
        return db.session()

    app.extensions["airsketch"] = runtime or make_runtime(settings, request_session)
    register_error_handlers(app)
    register_login(login_manager)
    register_security(app)
    for blueprint in (*web.blueprints, *api.blueprints, *device_api.blueprints):
        app.register_blueprint(blueprint)
    for blueprint in device_api.blueprints:
        csrf.exempt(blueprint)
        limiter.exempt(blueprint)
    cli.register_commands(app)
    return app
