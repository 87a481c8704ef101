"""Security headers, the nonce of scripts, and the session cookie."""

import secrets
from collections.abc import Iterable
from dataclasses import replace

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface

from app.kernel.origins import read_origin

_NONCE_BYTES = 16
_ONE_YEAR_S = 31_536_000

# Browsers may refuse what no page of ours needs; the serial port is for the first flash over USB.
_PERMISSIONS = ", ".join(
    [
        "serial=(self)",
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "hid",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
            )
        ),
    ]
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": _PERMISSIONS,
    # Together these two give pages the shared memory that the virtual bot can run on.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class _SessionCookies(SecureCookieSessionInterface):
    """Session cookies that are marked Secure whenever they travel over TLS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return super().get_cookie_secure(app) or request.is_secure


def register_security(app: Flask) -> None:
    """Add security headers to every response, and `csp_nonce()` to templates."""
    app.session_interface = _SessionCookies()
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(add_headers)


def csp_nonce() -> str:
    """The nonce of this request, for `nonce` attributes."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(_NONCE_BYTES)
    return str(g.csp_nonce)


def allow_connections(origins: Iterable[str]) -> None:
    """Allow the page being rendered to contact more origins, which `parse_origin` accepted."""
    g.csp_connections = tuple(origins)


def allow_inline_styles() -> None:
    """Allow inline styles on the page being rendered, which the API viewers need."""
    g.csp_inline_styles = True


def add_headers(response: Response) -> Response:
    """Add what is missing; a view may have set a stricter or a more fitting value."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    # A page or an API response may contain private data; only files that allow it may be cached.
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_ONE_YEAR_S}")
    return response


def _policy() -> str:
    nonce = f"'nonce-{csp_nonce()}'"
    # A nonce beside it would switch 'unsafe-inline' off.
    styles = "'unsafe-inline'" if g.get("csp_inline_styles") else nonce
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {nonce} 'wasm-unsafe-eval'",
            f"style-src 'self' {styles}",
            "img-src 'self' data:",
            " ".join([f"connect-src 'self'{_sockets()}", *g.get("csp_connections", ())]),
            "font-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _sockets() -> str:
    """The page's own WebSocket origin; older browsers do not count it as 'self'."""
    try:
        own = read_origin(f"http://{request.host}")
    except ValueError:
        return ""
    return " " + str(replace(own, scheme="wss" if request.is_secure else "ws"))
