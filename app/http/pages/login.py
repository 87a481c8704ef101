"""The pages for accounts: log in, register, log out, change the password."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.accounts.tables import Account
from app.http.actor import LoggedIn, current_account_id, current_actor
from app.http.extensions import limiter
from app.http.responses import current_runtime, status_of
from app.kernel.errors import AppError

bp = Blueprint("auth", __name__)

_WRONG = "The product id or password is wrong."
_NAME_CHARS = 64


def _typed_name() -> str:
    """The login name as typed; limit and login read it alike, or spaces would get around the limit."""
    return request.form.get("login_name", "").strip()[:_NAME_CHARS]


def _is_refused(response: Response) -> bool:
    return response.status_code in {401, 403, 422}


def _on_locked_name(_limit: RequestLimit) -> None:
    """Log a login name that hit the rate limit, in the audit trail; the limit itself responds."""
    current_runtime().accounts.note_lockout(current_actor(), _typed_name())


@bp.route("/login", methods=["GET", "POST"])
# A class behind one address logs in at once, so mostly failures count.
@limiter.limit("120/minute", methods=["POST"])
@limiter.limit("10/minute", methods=["POST"], deduct_when=_is_refused)
@limiter.limit(
    "5/minute;30/hour",
    methods=["POST"],
    key_func=lambda: f"login:{_typed_name()}",
    deduct_when=_is_refused,
    on_breach=_on_locked_name,
)
def log_in() -> ResponseReturnValue:
    """Log in."""
    if request.method == "GET":
        return redirect(_target()) if current_user.is_authenticated else _login_page()
    name = _typed_name()
    account = current_runtime().accounts.log_in(
        current_actor(), login_name=name, password=request.form.get("password", "")
    )
    if account is None:
        return _login_page(login_name=name, error=_WRONG), 401
    _begin_session(account)
    return redirect(_target())


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("60/hour", methods=["POST"])
@limiter.limit("10/minute", methods=["POST"], deduct_when=_is_refused)
def register() -> ResponseReturnValue:
    """Register a bot and its owner."""
    if request.method == "GET":
        return redirect(_target()) if current_user.is_authenticated else _register_page()
    name = request.form.get("product_id", "").strip()
    try:
        account = current_runtime().claims.register(
            current_actor(), product_id=name, password=request.form.get("password", "")
        )
    except AppError as error:
        return _register_page(product_id=name, error=error.message), status_of(error)
    _begin_session(account)
    return redirect(_target())


@bp.post("/logout")
def log_out() -> ResponseReturnValue:
    """Log out in this browser, and close the account's sockets; other browsers open theirs again."""
    account_id = current_account_id()
    logout_user()
    session.clear()
    current_runtime().events.disconnect(account_id)
    return redirect("/")


@bp.route("/account", methods=["GET", "POST"])
@limiter.limit(
    "5/minute;30/hour",
    methods=["POST"],
    key_func=lambda: f"account:{current_account_id()}",
    deduct_when=_is_refused,
)
def account() -> ResponseReturnValue:
    """Show the account; change its password, which logs it out everywhere else."""
    if request.method == "GET":
        return _account_page()
    new = request.form.get("new_password", "")
    if new != request.form.get("new_password_again", ""):
        return _account_page(error="The two new passwords do not match."), 422
    was_forced = current_user.must_change_password
    try:
        changed = current_runtime().accounts.change_password(
            current_actor(), old=request.form.get("old_password", ""), new=new
        )
    except AppError as error:
        return _account_page(error=error.message), status_of(error)
    _begin_session(changed)
    flash("Password changed. You are logged out everywhere else.")
    return redirect("/sketches" if was_forced else url_for("auth.account"))


def _begin_session(account: Account) -> None:
    # A session cookie from before the login is worth nothing after it.
    session.clear()
    session.permanent = True
    login_user(LoggedIn.of(account))


def _target() -> str:
    """Where to go after a login: the URL in `next` if it is on this server."""
    wanted = request.args.get("next", "")
    return wanted if is_own_address(wanted) else "/sketches"


def is_own_address(address: str) -> bool:
    """Whether a redirect to `address` stays on this server, as browsers read it."""
    if not address.startswith("/") or address.startswith("//"):
        return False
    # Browsers take a backslash for a slash, and drop tabs and line ends.
    if "\\" in address or any(char <= " " for char in address):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def _login_page(**values: str) -> str:
    return render_template("login.html", registration=current_runtime().settings.registration, **values)


def _register_page(**values: str) -> str:
    return render_template("register.html", registration=current_runtime().settings.registration, **values)


def _account_page(**values: str) -> str:
    return render_template(
        "account.html",
        login_name=current_user.login_name,
        must_change_password=current_user.must_change_password,
        **values,
    )
