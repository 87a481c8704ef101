"""The write transaction every changing use case runs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

_Query = TypeVar("_Query", bound=Select[*tuple[object, ...]])


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Run the block as one write transaction: committed at its end, rolled back on any exception.

    On SQLite it waits for the right to write before it reads, so writers take turns. On PostgreSQL they do
    not: rows that the block reads and then changes are read by a `held` query, or changed by a guarded
    statement. A read transaction that is still open on `session` ends first.
    """
    session.commit()
    try:
        session.connection(execution_options={"begins": "writing"})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def held(query: _Query) -> _Query:
    """The query with its rows held until the transaction ends, and read as they are by then.

    Others may still refer to the rows.
    """
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)
