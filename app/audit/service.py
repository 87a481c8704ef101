"""The audit trail: security-relevant actions, append-only."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry
from app.kernel.actor import Actor


def note(session: Session, actor: Actor, action: str, subject: str, *, at: datetime) -> None:
    """Add an entry to the transaction under way; never give it a secret.

    Args:
        action: what was done, `noun.verb`.
        subject: to whom or what.
    """
    entry = AuditEntry(
        at=at,
        actor=actor.account_id[:64],
        action=action,
        subject=subject[:64],
        address=actor.address[:64],
    )
    session.add(entry)


def was_noted(session: Session, *, action: str, subject: str, since: datetime) -> bool:
    """Whether such an entry exists since then."""
    found = exists().where(
        AuditEntry.at >= since, AuditEntry.action == action, AuditEntry.subject == subject[:64]
    )
    return bool(session.scalar(select(found)))
