"""Alembic's entry: migrate the database of the running Flask application."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.kernel.tables import Base
from app.kernel.tables import UtcDateTime


def render_item(kind, item, autogen_context):
    """Write our column types as plain ones: a migration must not change when the models do."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


with current_app.extensions["migrate"].db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A table that others refer to is copied and dropped; the switch works outside a transaction only.
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter a column in place; batch mode copies the table.
        render_as_batch=True,
        compare_type=False,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")
