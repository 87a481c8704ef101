"""Builds keep their values under the new names of columns, and all that refers to them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.kernel.tables import Base
from tests.migrations.conftest import Upgrade
from tests.migrations.rows import fill

BEFORE, AFTER = "0012", "0013"


@pytest.fixture
def old(upgrade: Upgrade, connect: Callable[[], Connection]) -> None:
    """A build with a release, and what a worker of then had published."""
    upgrade(BEFORE)
    with connect() as connection:
        fill(connection, "account", [{"id": "a", "login_name": "a", "role": "owner"}])
        build = {"id": "b", "account_id": "a", "state": "succeeded"}
        fill(connection, "build", [{**build, "snapshot_digest": "digest", "is_pristine": True}])
        fill(connection, "release", [{"id": "r", "account_id": "a", "build_id": "b"}])
        fill(connection, "board", [{"fqbn": "a:b:c"}])
        fill(connection, "tool", [{"name": "arduino-cli", "version": "1"}])
        connection.commit()


def rows(connect: Callable[[], Connection], query: str) -> list[Any]:
    with connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_builds_and_their_releases_stay(
    old: None, upgrade: Upgrade, connect: Callable[[], Connection]
) -> None:
    upgrade(AFTER)
    assert rows(connect, "SELECT sources_digest, built_clean FROM build") == [("digest", 1)]
    assert rows(connect, "SELECT build_id FROM release") == [("b",)]
    assert rows(connect, "SELECT fqbn FROM board") == rows(connect, "SELECT name FROM compile_worker") == []


def test_the_way_back_keeps_them_too(old: None, upgrade: Upgrade, connect: Callable[[], Connection]) -> None:
    upgrade(AFTER)
    upgrade(f"-{BEFORE}")
    assert rows(connect, "SELECT snapshot_digest, is_pristine FROM build") == [("digest", 1)]
    assert rows(connect, "SELECT build_id FROM release") == [("b",)]


def test_the_migrations_make_the_columns_that_the_code_expects(
    upgrade: Upgrade, connect: Callable[[], Connection]
) -> None:
    upgrade("head")
    for name in ("build", "board", "core", "compile_worker"):
        made = {column for _, column, *_ in rows(connect, f"PRAGMA table_info('{name}')")}
        assert made == {column.name for column in Base.metadata.tables[name].columns}
