"""The audit trail."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.audit.tables import AuditEntry
from tests.fakes import START


def test_an_entry_says_who_did_what_to_whom_and_from_where(session: Session) -> None:
    audit.note(session, at=START, actor="a", action="device.claim", subject="bot_001", address="192.0.2.1")
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.at, entry.actor, entry.action) == (START, "a", "device.claim")
    assert (entry.subject, entry.address) == ("bot_001", "192.0.2.1")


def test_what_a_stranger_typed_is_cut_to_the_column(session: Session) -> None:
    audit.note(session, at=START, actor="", action="account.locked", subject="x" * 500, address="y" * 500)
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert (len(entry.subject), len(entry.address)) == (64, 64)
    assert audit.was_noted(session, action="account.locked", subject="x" * 500, since=START)


def test_an_entry_is_found_by_action_subject_and_time(session: Session) -> None:
    audit.note(session, at=START, actor="", action="account.locked", subject="bot_001")
    session.commit()
    assert audit.was_noted(session, action="account.locked", subject="bot_001", since=START)
    assert not audit.was_noted(session, action="account.locked", subject="bot_002", since=START)
    assert not audit.was_noted(session, action="account.log_in", subject="bot_001", since=START)
    later = START + timedelta(seconds=1)
    assert not audit.was_noted(session, action="account.locked", subject="bot_001", since=later)
