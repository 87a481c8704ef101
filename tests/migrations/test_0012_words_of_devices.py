"""Renamed columns of devices keep their values; bots with an owner lose the hash that opens nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from tests.migrations.conftest import Upgrade
from tests.migrations.rows import fill

BEFORE = "0006"
KEPT = {"next_key_sealed": b"next", "key_sealed": b"key", "counter": "0000000100000002", "revision": 7}


@pytest.fixture
def old(upgrade: Upgrade, connect: Callable[[], Connection]) -> None:
    """A bot with an owner and one in the inventory."""
    upgrade(BEFORE)
    with connect() as connection:
        fill(connection, "account", [{"id": "a", "login_name": "a", "role": "owner"}])
        common = {"account_id": None, "network_trouble": None, "admission": "accepted", **KEPT}
        owned = {"account_id": "a", "next_key_by_wire": True, "network_trouble": "no_address"}
        fill(
            connection,
            "device",
            [
                {**common, **owned, "id": "owned", "password_hash": "hash of its owner"},
                {**common, "id": "spare", "password_hash": "hash from a label"},
            ],
        )
        fill(connection, "virtual_bot", [{"device_id": "owned", "allowed_origins": "https://a.example"}])
        connection.commit()


@pytest.mark.usefixtures("old")
def test_rows_of_an_older_version_keep_their_values(
    upgrade: Upgrade, connect: Callable[[], Connection]
) -> None:
    upgrade("head")
    with connect() as connection:
        rows = connection.execute(text("SELECT * FROM device ORDER BY id")).mappings().all()
        assert [{name: row[name] for name in KEPT} for row in rows] == [KEPT, KEPT]
        stored = [(row["next_key_over_usb"], row["network_error"], row["password_hash"]) for row in rows]
        assert stored == [(1, "no_address", None), (0, None, "hash from a label")]
        assert connection.execute(text("SELECT device_id FROM virtual_bot")).scalars().all() == ["owned"]
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.usefixtures("old")
def test_the_way_back_keeps_them_too(upgrade: Upgrade, connect: Callable[[], Connection]) -> None:
    upgrade("0012")
    upgrade(f"-{BEFORE}")
    with connect() as connection:
        rows = connection.execute(text("SELECT * FROM device ORDER BY id")).mappings().all()
        stored = [(row["next_key_by_wire"], row["network_trouble"], row["password_hash"]) for row in rows]
        assert stored == [(1, "no_address", ""), (0, None, "hash from a label")]
