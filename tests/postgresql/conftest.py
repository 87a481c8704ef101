"""The whole application on a real PostgreSQL, whose writers do not take turns by themselves."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any, TypeVar

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine, event

from app.http.extensions import db
from app.kernel.database import open_engine
from app.kernel.tables import Base
from config import ROOT, Settings
from tests.postgresql_server import running_postgresql
from tools.setup.test_packages import postgresql_server

T = TypeVar("T")
# Long enough for every other thread to read what this one is about to change.
_BEFORE_A_WRITE_S = 0.02


@pytest.fixture(scope="package")
def postgresql_url() -> Iterator[str]:
    """A migrated database."""
    if postgresql_server() is None:
        pytest.skip("there is no PostgreSQL on this machine")
    with running_postgresql() as url:
        done = flask_db("upgrade", url)
        assert done.returncode == 0, done.stderr
        yield url


@pytest.fixture
def settings(settings: Settings, postgresql_url: str) -> Settings:
    """The settings of every other test, but for the database, which is emptied."""
    engine = open_engine(postgresql_url)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
    return replace(settings, database_url=postgresql_url)


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """The engine of the test's own sessions, slow to write."""
    return _hesitating(engine)


@pytest.fixture
def app(app: APIFlask) -> APIFlask:
    """The application, slow to write, so that whoever reads without a lock reads what is old by then."""
    for each in (app, app.extensions["device_app"]):
        with each.app_context():
            _hesitating(db.engine)
    return app


def _hesitating(engine: Engine) -> Engine:
    def wait(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            time.sleep(_BEFORE_A_WRITE_S)

    event.listen(engine, "before_cursor_execute", wait)
    return engine


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """The results of calls that begin together, each in a thread of its own."""
    together = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        together.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def flask_db(command: str, url: str) -> "subprocess.CompletedProcess[str]":
    """Run `flask db <command>` on a database."""
    settings = {
        "AIRSKETCH_DATABASE_URL": url,
        "AIRSKETCH_SECRET_KEY": "s" * 40,
        "AIRSKETCH_ENCRYPTION_KEY": "ab" * 32,
        "AIRSKETCH_REDIS_URL": "redis://127.0.0.1:1/0",
    }
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", command],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
