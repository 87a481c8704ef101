"""Rows of an older version, of whose tables no code is left."""

from typing import Any

from sqlalchemy import JSON, Connection, DateTime, LargeBinary, MetaData, insert
from sqlalchemy.types import TypeEngine

from tests.fakes import START

Rows = list[dict[str, Any]]


def fill(connection: Connection, table: str, rows: Rows) -> None:
    """Insert rows; what a row does not name is empty, as an old server left it."""
    metadata = MetaData()
    metadata.reflect(connection, only=[table], resolve_fks=False)
    columns = metadata.tables[table].columns
    empty = {column.name: _empty(column.type) for column in columns if not column.nullable}
    connection.execute(insert(metadata.tables[table]), [{**empty, **row} for row in rows])


def _empty(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, DateTime):
        return START
    if isinstance(kind, LargeBinary):
        return b""
    return [] if isinstance(kind, JSON) else kind.python_type()
