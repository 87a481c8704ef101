"""Who is logged in, and the pages for it: log in, register, log out, change the password.

Every address asks for a login unless it is listed here: a view that forgets to ask is not open.
"""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from werkzeug.wrappers import Response

from app.accounts import service as accounts
from app.accounts.rules import Role
from app.accounts.tables import Account
from app.http.extensions import limiter
from app.http.responses import current_runtime, problem, status_of, wants_json
from app.kernel.errors import AppError, Forbidden

bp = Blueprint("auth", __name__)

_PUBLIC_RULES = frozenset({"/", "/login", "/register", "/healthz"})
# Bots and links to images prove themselves in another way, or are open on purpose.
_PUBLIC_PREFIXES = ("/static/", "/device/")
_LINK_SUFFIX = ".ino.bin"
# What somebody may do who has to choose a password first.
_CLOSED_DOOR_RULES = frozenset({"/account", "/logout", "/healthz"})

_WRONG = "The product id or the password is not right."
_NAME_CHARS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The account behind a request, as Flask-Login wants it."""

    account_id: str
    login_name: str
    role: Role
    must_change_password: bool
    session_epoch: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account as it is now."""
        return cls(
            account_id=account.id,
            login_name=account.login_name,
            role=account.role,
            must_change_password=account.must_change_password,
            session_epoch=account.session_epoch,
        )

    def get_id(self) -> str:
        """What the session cookie remembers: a session of an older epoch is logged out."""
        return f"{self.account_id}:{self.session_epoch}"


def register_login(login_manager: LoginManager) -> None:
    """Tell Flask-Login how to find accounts and what to do with strangers."""
    login_manager.user_loader(_load)
    login_manager.unauthorized_handler(_ask_to_log_in)


def _load(remembered: str) -> LoggedIn | None:
    account_id, _, epoch = remembered.partition(":")
    account = accounts.load(current_runtime().sessions(), account_id=account_id)
    if account is None or str(account.session_epoch) != epoch:
        return None
    return LoggedIn.of(account)


def _ask_to_log_in() -> ResponseReturnValue:
    if wants_json():
        return problem(401, "not_logged_in", "Log in first.")
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.log_in", next=target))


@bp.before_app_request
def guard() -> ResponseReturnValue | None:
    """Let strangers see public addresses only, and a new owner nothing before the password is changed."""
    if request.url_rule is None:
        return None
    rule = request.url_rule.rule
    if rule.startswith(_PUBLIC_PREFIXES) or rule.endswith(_LINK_SUFFIX):
        return None
    if not current_user.is_authenticated:
        return None if rule in _PUBLIC_RULES else _ask_to_log_in()
    if not current_user.must_change_password or rule in _CLOSED_DOOR_RULES:
        return None
    if wants_json():
        raise Forbidden("must_change_password", "Choose a password of your own first.")
    return redirect(url_for("auth.account"))


def _typed_name() -> str:
    """The login name as typed; limit and login read it alike, or spaces would get around the limit."""
    return request.form.get("login_name", "").strip()[:_NAME_CHARS]


def _is_refused(response: Response) -> bool:
    return response.status_code in {401, 403, 422}


def _on_locked_name(_limit: RequestLimit) -> None:
    """A name that is tried too often is noted; the limit itself gives the answer."""
    runtime = current_runtime()
    accounts.note_lockout(
        runtime.sessions(),
        login_name=_typed_name(),
        clock=runtime.clock,
        address=get_remote_address(),
    )


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
    runtime = current_runtime()
    account = accounts.authenticate(
        runtime.sessions(),
        login_name=name,
        password=request.form.get("password", ""),
        parts=runtime.account_parts(),
        address=get_remote_address(),
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
    runtime = current_runtime()
    try:
        account = accounts.register(
            runtime.sessions(),
            product_id=name,
            password=request.form.get("password", ""),
            parts=runtime.account_parts(),
            address=get_remote_address(),
        )
    except AppError as error:
        return _register_page(product_id=name, error=error.message), status_of(error)
    _begin_session(account)
    return redirect(_target())


@bp.post("/logout")
@login_required
def log_out() -> ResponseReturnValue:
    """Log out in this browser, and close the account's sockets; other browsers open theirs again."""
    account_id = current_user.account_id
    logout_user()
    session.clear()
    current_runtime().events.disconnect(account_id)
    return redirect("/")


@bp.route("/account", methods=["GET", "POST"])
@login_required
@limiter.limit(
    "5/minute;30/hour",
    methods=["POST"],
    key_func=lambda: f"account:{current_user.account_id}",
    deduct_when=_is_refused,
)
def account() -> ResponseReturnValue:
    """Show the account; change its password, which logs it out everywhere else."""
    if request.method == "GET":
        return _account_page()
    new = request.form.get("new_password", "")
    if new != request.form.get("new_password_again", ""):
        return _account_page(error="The new password and its repetition differ."), 422
    was_forced = current_user.must_change_password
    runtime = current_runtime()
    try:
        changed = accounts.change_password(
            runtime.sessions(),
            account_id=current_user.account_id,
            old=request.form.get("old_password", ""),
            new=new,
            parts=runtime.account_parts(),
            address=get_remote_address(),
        )
    except AppError as error:
        return _account_page(error=error.message), status_of(error)
    _begin_session(changed)
    flash("Your password is changed. You are logged out everywhere else.")
    return redirect("/sketches" if was_forced else url_for("auth.account"))


def _begin_session(account: Account) -> None:
    # A session cookie from before the login is worth nothing after it.
    session.clear()
    session.permanent = True
    login_user(LoggedIn.of(account))


def _target() -> str:
    """Where to go after a login: the address in `next` if it is one of ours."""
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
