"""Login names of maintainers."""

import pytest

from app.accounts.rules import check_password, parse_login_name
from app.kernel.errors import Invalid


@pytest.mark.parametrize("name", ["ann", "ann.b-c_d", "0ps", "a" * 32])
def test_a_plain_login_name_is_accepted(name: str) -> None:
    assert parse_login_name(name) == name


@pytest.mark.parametrize("name", ["", "ab", "a" * 33, ".ann", "-ann", "ann b", "ann\n", "änn", "ann/b"])
def test_another_login_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_login_name(name)
    assert refusal.value.code == "bad_login_name"


def test_passwords_have_a_least_and_a_greatest_length() -> None:
    check_password("x" * 8)
    check_password("ä" * 256)
    for password in ("", "x" * 7, "x" * 257):
        with pytest.raises(Invalid):
            check_password(password)
