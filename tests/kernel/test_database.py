"""The engine."""

from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.accounts.tables import Account
from app.http.extensions import db
from app.kernel.database import make_sessions, open_engine
from app.kernel.tables import Base
from app.sketches.tables import Sketch
from tests.fakes import START


def test_sqlite_is_set_up_for_many_readers_and_one_writer(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_a_row_that_refers_to_nothing_is_refused(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    Base.metadata.create_all(engine)
    with make_sessions(engine)() as session:
        session.add(
            Sketch(
                id="1", account_id="nobody", name="A", fqbn="", revision=1, created_at=START, updated_at=START
            )
        )
        with pytest.raises(IntegrityError):
            session.commit()
    engine.dispose()


def test_rows_stay_readable_after_a_commit(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    Base.metadata.create_all(engine)
    with make_sessions(engine)() as session:
        account = Account(
            id="1",
            login_name="a",
            password_hash="",
            role="owner",
            must_change_password=False,
            session_epoch=0,
            created_at=START,
        )
        session.add(account)
        session.commit()
    assert account.login_name == "a"
    engine.dispose()


def test_the_text_of_an_error_carries_no_value_of_a_row(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    with engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(text("INSERT INTO nothing VALUES (:value)"), {"value": "canary"})
    assert "canary" not in str(caught.value)
    engine.dispose()


def test_no_engine_of_the_web_process_puts_values_into_errors(app: APIFlask) -> None:
    for each in (app, app.extensions["device_app"]):
        with each.app_context():
            assert db.engine.hide_parameters
