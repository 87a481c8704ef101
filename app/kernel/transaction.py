"""The write transaction every changing use case runs in."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Run the block as one write transaction: committed at its end, rolled back on any exception.

    It waits for the right to write before it reads: a read that turns into a write later loses updates
    or meets a locked database. A read transaction that is still open on `session` ends first.
    """
    session.commit()
    try:
        session.connection(execution_options={"begins": "writing"})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
