"""The audit trail."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.audit.tables import AuditEntry
from app.kernel.actor import AccountId, Actor, Role
from tests.fakes import START

ACTOR = Actor(account_id=AccountId("a"), role=Role.OWNER, address="192.0.2.1")


def test_an_entry_says_who_did_what_to_whom_and_from_where(session: Session) -> None:
    audit.note(session, ACTOR, "device.claim", "bot_001", at=START)
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.at, entry.actor, entry.action) == (START, "a", "device.claim")
    assert (entry.subject, entry.address) == ("bot_001", "192.0.2.1")


def test_what_a_stranger_typed_is_cut_to_the_column(session: Session) -> None:
    audit.note(session, Actor.stranger("y" * 500), "account.locked", "x" * 500, at=START)
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert (len(entry.subject), len(entry.address)) == (64, 64)
    assert audit.was_noted(session, action="account.locked", subject="x" * 500, since=START)


def test_an_entry_is_found_by_action_subject_and_time(session: Session) -> None:
    audit.note(session, Actor.stranger("192.0.2.1"), "account.locked", "bot_001", at=START)
    session.commit()
    assert audit.was_noted(session, action="account.locked", subject="bot_001", since=START)
    assert not audit.was_noted(session, action="account.locked", subject="bot_002", since=START)
    assert not audit.was_noted(session, action="account.log_in", subject="bot_001", since=START)
    later = START + timedelta(seconds=1)
    assert not audit.was_noted(session, action="account.locked", subject="bot_001", since=later)
