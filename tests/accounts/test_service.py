"""Accounts: who may log in, and that refusals tell a guesser nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry
from app.kernel.actor import Actor, Role
from app.kernel.database import make_sessions
from app.kernel.errors import AppError, Conflict
from app.runtime import Runtime
from tests.factories import PASSWORD, actor_of, make_account, reread
from tests.fakes import START, FastPasswords, FixedClock, RecordingEvents

STRANGER = Actor.stranger("192.0.2.9")


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_right_password_logs_in_and_is_noted(session: Session, services: Runtime) -> None:
    account = make_account(session)
    found = services.accounts.log_in(STRANGER, login_name=account.login_name, password=PASSWORD)
    assert found is not None
    assert found.id == account.id
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor, entry.address) == ("account.log_in", account.id, "192.0.2.9")


def test_unknown_names_and_wrong_passwords_cost_the_same_and_get_the_same_answer(
    session: Session, services: Runtime, passwords: FastPasswords
) -> None:
    account = make_account(session)
    for name, password in [
        (account.login_name, "wrong"),
        (account.login_name, ""),
        (account.login_name, PASSWORD + " "),
        (account.login_name, "x" * 100_000),
        (account.login_name.upper(), PASSWORD),
        ("nobody", PASSWORD),
        ("", ""),
    ]:
        before = passwords.verified
        assert services.accounts.log_in(STRANGER, login_name=name, password=password) is None
        assert passwords.verified - before == 1
    assert actions(session) == []


def test_a_name_under_attack_is_noted_once_an_hour(
    session: Session, services: Runtime, clock: FixedClock
) -> None:
    def note(name: str) -> None:
        services.accounts.note_lockout(Actor.stranger("192.0.2.66"), name)

    for _ in range(5):
        note("bot_001")
    note("bot_002")
    assert actions(session) == ["account.locked", "account.locked"]
    clock.tick(3601)
    note("bot_001")
    assert len(actions(session)) == 3


def test_a_changed_password_opens_and_the_old_one_does_not(session: Session, services: Runtime) -> None:
    account = make_account(session)
    services.accounts.change_password(actor_of(account), old=PASSWORD, new="a better one")
    name = account.login_name
    assert services.accounts.log_in(STRANGER, login_name=name, password=PASSWORD) is None
    assert services.accounts.log_in(STRANGER, login_name=name, password="a better one")


def test_a_changed_password_ends_every_session_and_socket(
    session: Session, services: Runtime, events: RecordingEvents
) -> None:
    account = make_account(session)
    changed = services.accounts.change_password(actor_of(account), old=PASSWORD, new="a better one")
    assert changed.session_epoch == 1
    assert events.disconnected == [account.id]
    assert actions(session) == ["account.password"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("wrong", "a better one", "wrong_password"),
        (PASSWORD, "short", "bad_password"),
        (PASSWORD, PASSWORD, "same_password"),
    ],
)
def test_a_refused_password_change_changes_nothing(
    session: Session, services: Runtime, events: RecordingEvents, old: str, new: str, code: str
) -> None:
    account = make_account(session)
    with pytest.raises(AppError) as refusal:
        services.accounts.change_password(actor_of(account), old=old, new=new)
    assert refusal.value.code == code
    assert reread(session, account).session_epoch == 0
    assert events.disconnected == []


def test_of_two_password_changes_at_once_the_later_is_refused(
    session: Session,
    engine: Engine,
    services: Runtime,
    passwords: FastPasswords,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = make_account(session)
    real = passwords.hash

    def hash_slowly(password: str) -> str:
        monkeypatch.setattr(passwords, "hash", real)
        with make_sessions(engine)() as other:
            elsewhere = replace(services, sessions=lambda: other)
            elsewhere.accounts.change_password(actor_of(account), old=PASSWORD, new="the quicker one")
        return real(password)

    monkeypatch.setattr(passwords, "hash", hash_slowly)
    with pytest.raises(Conflict) as refusal:
        services.accounts.change_password(actor_of(account), old=PASSWORD, new="a better one")
    assert refusal.value.code == "password_changed"
    assert passwords.verify("the quicker one", reread(session, account).password_hash)


def test_a_maintainer_is_made_and_logs_in(session: Session, services: Runtime) -> None:
    account = services.accounts.create_maintainer(Actor.cli(), login_name="ann", password=PASSWORD)
    assert account.role is Role.MAINTAINER
    assert services.accounts.log_in(STRANGER, login_name="ann", password=PASSWORD)
    assert actions(session) == ["account.make_maintainer", "account.log_in"]


def test_a_taken_login_name_makes_no_maintainer(session: Session, services: Runtime) -> None:
    owner = make_account(session)
    with pytest.raises(Conflict) as refusal:
        services.accounts.create_maintainer(Actor.cli(), login_name=owner.login_name, password=PASSWORD)
    assert refusal.value.code == "name_taken"
    assert reread(session, owner).role is Role.OWNER


def test_an_account_is_found_or_gone(session: Session, services: Runtime) -> None:
    account = make_account(session)
    assert services.accounts.find(account.id) is account
    assert services.accounts.find("0" * 32) is None
    assert account.created_at == START
