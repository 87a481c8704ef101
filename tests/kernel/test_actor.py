"""Whose rows an actor may see."""

from app.kernel.actor import AccountId, Actor, Role


def test_an_owner_sees_the_own_rows() -> None:
    assert Actor(account_id=AccountId("a"), role=Role.OWNER).scope == "a"


def test_maintainers_and_the_command_line_see_everybodys_rows() -> None:
    assert Actor(account_id=AccountId("m"), role=Role.MAINTAINER).scope is None
    assert Actor.cli().scope is None


def test_no_row_belongs_to_a_stranger() -> None:
    assert Actor.stranger("192.0.2.1").scope == ""
