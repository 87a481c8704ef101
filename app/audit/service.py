"""The audit trail: deeds that somebody may ask about later."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry


def note(session: Session, *, at: datetime, actor: str, action: str, subject: str, address: str = "") -> None:
    """Add an entry to the transaction under way; never give it a secret.

    Args:
        actor: account id, or `cli` for whoever sits at the server.
        action: what was done, `noun.verb`.
        subject: to whom or what.
        address: where the request came from; empty for the command line.
    """
    entry = AuditEntry(at=at, actor=actor[:64], action=action, subject=subject[:64], address=address[:64])
    session.add(entry)


def was_noted(session: Session, *, action: str, subject: str, since: datetime) -> bool:
    """Whether such an entry exists since then."""
    found = exists().where(
        AuditEntry.at >= since, AuditEntry.action == action, AuditEntry.subject == subject[:64]
    )
    return bool(session.scalar(select(found)))
