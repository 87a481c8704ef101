"""Flask's configuration, made from our settings."""

from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.kernel.database import ENGINE_OPTIONS
from config import Settings

# The largest request is an upload of a zipped sketch; see `app/sketches/archives.py`.
MAX_REQUEST_BYTES = 4 * 1024 * 1024
_SESSION_LIFE = timedelta(days=30)


def flask_config(settings: Settings) -> dict[str, Any]:
    """Values for `app.config`."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": ENGINE_OPTIONS,
        "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
        "PERMANENT_SESSION_LIFETIME": _SESSION_LIFE,
        "SESSION_COOKIE_NAME": "airsketch",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.production,
        "WTF_CSRF_TIME_LIMIT": None,  # The token lives as long as the session: an editor stays open for days.
        "WTF_CSRF_SSL_STRICT": settings.production,
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_STRATEGY": "fixed-window",
        "TEMPLATES_AUTO_RELOAD": not settings.production,
    }


def trust_proxies(app: Flask, count: int) -> None:
    """Trust the X-Forwarded-* headers of `count` proxies in front; of none by default."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
