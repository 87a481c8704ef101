"""The write transactions that changing use cases run in."""

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


@contextmanager
def writing_once(session: Session) -> Iterator[None]:
    """Run the block's one changing statement as a transaction of its own; no lock is held before it.

    The statement must itself check whatever the caller has read before. A read transaction that is still
    open on `session` ends first, but on connections that begin none there is nothing to end.
    """
    if session.connection().get_execution_options().get("begins") != "nothing":
        session.commit()
    yield
    session.commit()
