"""Accounts: who logs in."""

import re

from app.kernel.errors import Invalid

MIN_PASSWORD_CHARS = 8
MAX_PASSWORD_CHARS = 256
_LOGIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,31}")


def parse_login_name(text: str) -> str:
    """Accept the login name of a maintainer; an owner's is a product id.

    Raises:
        Invalid: not 3 to 32 letters, digits, `_`, `.` and `-`, starting with a letter or digit.
    """
    if not _LOGIN_NAME.fullmatch(text):
        raise Invalid(
            "bad_login_name",
            "A login name has 3 to 32 letters, digits, “_”, “.” and “-”, and starts with a letter or digit.",
            {"login_name": text[:64]},
        )
    return text


def check_password(password: str) -> None:
    """Accept a new password.

    Raises:
        Invalid: shorter than 8 or longer than 256 characters.
    """
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise Invalid(
            "bad_password",
            f"A password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters.",
            {"field": "password"},
        )
