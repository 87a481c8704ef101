"""The database engine as Airsketch needs it: one writer at a time, who sees all that was written before.

The execution option `begins` selects how a transaction begins: `writing`, `reading` (the default), or
`nothing`, with which each statement is a transaction of its own where the database allows it.
"""

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

SINGLE_STATEMENTS = {"begins": "nothing"}
"""Execution options of connections that are not to begin a transaction for a read."""
ENGINE_OPTIONS = {"hide_parameters": True}
"""Options of every engine: the text of a database error must not carry the values of a row into a log."""
_BUSY_TIMEOUT_MS = 10_000
_SQLITE_BEGINNINGS = {"writing": "BEGIN IMMEDIATE", "reading": "BEGIN DEFERRED"}


def prepare(engine: Engine) -> Engine:
    """Set an engine up for SQLite or PostgreSQL."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def open_engine(url: str) -> Engine:
    """An engine for a process without Flask."""
    return prepare(create_engine(url, **ENGINE_OPTIONS))


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose rows stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: `_begin_on_sqlite` says how to begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_on_sqlite(connection: Connection) -> None:
    beginning = _SQLITE_BEGINNINGS.get(_kind_of(connection))
    if beginning:
        connection.exec_driver_sql(beginning)


def _kind_of(connection: Connection) -> str:
    kind: str = connection.get_execution_options().get("begins", "reading")
    return kind
