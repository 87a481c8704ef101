"""The lease that makes one scheduler the leader."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base


class SchedulerLease(Base):
    """The only row names the leader; every heartbeat changes it.

    Attributes:
        holder: token of the leading process; empty if it gave the lease back.
        beats: grows with each beat. Others judge by it alone whether the leader lives.
        beat_at: when the last beat was, for people; nothing is decided by it.
    """

    __tablename__ = "scheduler_lease"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(64))
    beats: Mapped[int] = mapped_column(BigInteger)
    beat_at: Mapped[datetime]
