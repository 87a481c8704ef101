"""The database engine as Airsketch needs it: WAL and chosen transaction beginnings on SQLite."""

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_TIMEOUT_MS = 10_000
SINGLE_STATEMENTS = {"sqlite_begin": ""}
"""Execution options under which SQLite begins no transaction: each statement is one of its own."""


def prepare(engine: Engine) -> Engine:
    """Set an engine up; harmless for other databases than SQLite."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_connection)
        event.listen(engine, "begin", _begin)
    return engine


def open_engine(url: str) -> Engine:
    """An engine for a process without Flask."""
    return prepare(create_engine(url))


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose rows stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def _set_up_connection(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: `_begin` says how to begin.
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


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    if kind:
        connection.exec_driver_sql(f"BEGIN {kind}")
