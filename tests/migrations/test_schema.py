"""All migrations together make the tables that the code expects."""

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from app.kernel.tables import Base
from tests.migrations.conftest import Upgrade


def test_a_migrated_database_has_the_tables_of_the_code(
    upgrade: Upgrade, connect: Callable[[], Connection]
) -> None:
    upgrade("head")
    with connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert found == []
