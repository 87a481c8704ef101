"""Old updates keep what is known of them: sentences become codes, and devices learn their update status."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.fakes import START
from tests.migrations.conftest import Upgrade
from tests.migrations.rows import fill

BEFORE = "0006"
SILENT = "Check its power and its Wi-Fi, then send again."
ERRORS = {
    "": (None, ""),
    "The image arrived damaged; the bot kept its old one. Send again.": ("wrong_digest", ""),
    f"The bot fell silent while it downloaded. {SILENT}": ("silent_downloading", ""),
    "The new image did not start well; the bot went back to its old one. Fix the sketch.": (
        "rolled_back",
        "",
    ),
    "The bot could not take the update (heap broke). Send again.": ("other", "heap broke"),
    "The bot could not take the update (other). Send again.": ("other", ""),
    "Nobody knows this sentence.": ("other", "Nobody knows this sentence."),
}


@pytest.fixture
def old(upgrade: Upgrade, connect: Callable[[], Connection]) -> None:
    """A bot with one update for each kind of error, and one bot each of other fates."""
    upgrade(BEFORE)
    with connect() as connection:
        fill(connection, "account", [{"id": "a", "login_name": "a", "role": "owner"}])
        fill(connection, "build", [{"id": "b", "account_id": "a", "state": "succeeded"}])
        fill(connection, "release", [{"id": "r", "account_id": "a", "build_id": "b"}])
        names = ("fails", "waits", "runs", "went_on", "new")
        fill(connection, "device", [{"id": name, "sent_release_id": "r"} for name in names])
        fates = [("waits", "armed"), ("runs", "confirmed"), ("went_on", "failed")]
        fill(
            connection,
            "update",
            [
                *(
                    _update(f"e{number}", "fails", "failed", error=error)
                    for number, error in enumerate(ERRORS)
                ),
                *(_update(name, name, state) for name, state in fates),
                {**_update("later", "went_on", "cancelled"), "created_at": START.replace(year=2027)},
                _update("button", "runs", "superseded", wish="former", former_digest="f" * 64),
            ],
        )
        connection.commit()


def _update(row_id: str, device_id: str, state: str, **values: str) -> dict[str, Any]:
    return {"id": row_id, "device_id": device_id, "release_id": "r", "state": state, "wish": None, **values}


@pytest.mark.usefixtures("old")
def test_rows_of_an_older_version_keep_what_is_known(
    upgrade: Upgrade, connect: Callable[[], Connection]
) -> None:
    upgrade("head")
    with connect() as connection:
        errors = connection.execute(
            text("SELECT error_code, error_detail FROM \"update\" WHERE device_id = 'fails' ORDER BY id")
        ).all()
        assert [tuple(row) for row in errors] == list(ERRORS.values())
        status = {
            row.id: row.update_status
            for row in connection.execute(text("SELECT id, update_status FROM device"))
        }
        assert status == {
            "fails": "error",
            "waits": "pending",
            "runs": "in_sync",
            "went_on": "error",
            "new": "unknown",
        }
        asked = connection.execute(
            text('SELECT id, previous_digest FROM "update" WHERE rollback_requested')
        ).all()
        assert [tuple(row) for row in asked] == [("button", "f" * 64)]
        assert connection.execute(text("SELECT build_id, artifact_id FROM release")).one() == ("b", "b")
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.usefixtures("old")
def test_the_way_back_makes_sentences_again(upgrade: Upgrade, connect: Callable[[], Connection]) -> None:
    upgrade("0011")
    upgrade(f"-{BEFORE}")
    with connect() as connection:
        rows = connection.execute(
            text("SELECT error FROM \"update\" WHERE device_id = 'fails' ORDER BY id")
        ).scalars()
        assert set(ERRORS) - set(rows) == {"The bot could not take the update (heap broke). Send again."}
