"""A real PostgreSQL keeps what SQLite keeps: the tables, one open update a bot, no lost change."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.kernel.database import SINGLE_STATEMENTS, make_sessions, open_engine
from app.kernel.secret_box import SecretBox
from app.kernel.tables import Base
from app.kernel.transaction import writing
from app.updates.rules import UpdateState
from config import ROOT
from tests.factories import make_account, make_build, make_device, make_release, make_update
from tests.postgresql_server import running_postgresql
from tools.setup.test_packages import postgresql_server

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(postgresql_server() is None, reason="there is no PostgreSQL on this machine"),
]


@pytest.fixture(scope="module")
def postgresql_url() -> Iterator[str]:
    with running_postgresql() as url:
        done = _flask("upgrade", url)
        assert done.returncode == 0, done.stderr
        yield url


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    """Overrides the SQLite engine of other tests."""
    engine = open_engine(postgresql_url)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    yield engine
    engine.dispose()


def _flask(command: str, url: str) -> "subprocess.CompletedProcess[str]":
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


def test_the_migrations_make_the_tables_of_the_models(postgresql_url: str) -> None:
    done = _flask("check", postgresql_url)
    assert (done.returncode, "No new upgrade operations" in done.stdout) == (0, True), done.stderr


def test_many_writers_lose_nothing(engine: Engine, session: Session) -> None:
    account_id = make_account(session).id
    sessions = make_sessions(engine)

    def count_up() -> None:
        for _ in range(20):
            with sessions() as own, writing(own):
                own.get_one(Account, account_id).session_epoch += 1

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    assert session.get_one(Account, account_id).session_epoch == 80


def test_a_single_statement_waits_for_no_writer(engine: Engine, session: Session) -> None:
    busy, free = make_account(session).id, make_account(session).id
    quick = engine.execution_options(**SINGLE_STATEMENTS)
    with make_sessions(engine)() as writer, writing(writer):
        writer.get_one(Account, busy).session_epoch = 1
        writer.flush()
        with quick.connect() as connection:
            connection.execute(update(Account).where(Account.id == free).values(session_epoch=7))
            connection.commit()
        session.expire_all()
        assert session.get_one(Account, free).session_epoch == 7


def test_a_bot_has_one_open_update_at_most(session: Session, secrets: SecretBox) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    release = make_release(session, build=make_build(session, account=account))
    make_update(session, device=device, release=release, state=UpdateState.CONFIRMED)
    make_update(session, device=device, release=release, state=UpdateState.ARMED)
    with pytest.raises(IntegrityError):
        make_update(session, device=device, release=release, state=UpdateState.OFFERED)
    session.rollback()
