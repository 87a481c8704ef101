"""Updates stay, and one that installs has had its image once."""

from collections.abc import Callable

from sqlalchemy import Connection, text

from tests.migrations.conftest import Upgrade
from tests.migrations.rows import fill

BEFORE, AFTER = "0013", "0014"


def test_updates_stay_and_are_counted(upgrade: Upgrade, connect: Callable[[], Connection]) -> None:
    upgrade(BEFORE)
    with connect() as connection:
        fill(connection, "account", [{"id": "a", "login_name": "a", "role": "owner"}])
        fill(connection, "device", [{"id": name, "account_id": "a"} for name in "de"])
        fill(connection, "release", [{"id": "r", "account_id": "a"}])
        fill(
            connection,
            "update",
            [
                {"id": "1", "device_id": "d", "release_id": "r", "state": "installing"},
                {"id": "2", "device_id": "e", "release_id": "r", "state": "armed"},
            ],
        )
        connection.commit()
    upgrade(AFTER)
    with connect() as connection:
        found = connection.execute(text('SELECT id, whole_downloads FROM "update" ORDER BY id'))
        assert [tuple(row) for row in found] == [("1", 1), ("2", 0)]
    upgrade(f"-{BEFORE}")
    with connect() as connection:
        assert connection.execute(text('SELECT count(*) FROM "update"')).scalar() == 2
