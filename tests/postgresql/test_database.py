"""A real PostgreSQL keeps what SQLite keeps: the tables, one open update a bot, one leading scheduler."""

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.kernel.database import SINGLE_STATEMENTS, make_sessions
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.scheduler.lease import Lease
from app.updates.rules import UpdateState
from tests.factories import make_account, make_build, make_device, make_release, make_update
from tests.fakes import FixedClock
from tests.postgresql.conftest import at_once, flask_db

pytestmark = pytest.mark.system


def test_the_migrations_make_the_tables_of_the_models(postgresql_url: str) -> None:
    done = flask_db("check", postgresql_url)
    assert (done.returncode, "No new upgrade operations" in done.stdout) == (0, True), done.stderr


def test_writers_of_different_rows_do_not_wait_for_each_other(engine: Engine, session: Session) -> None:
    busy, free = make_account(session).id, make_account(session).id
    with make_sessions(engine)() as first, writing(first):
        first.get_one(Account, busy).session_epoch = 1
        first.flush()
        with make_sessions(engine)() as second, writing(second):
            second.get_one(Account, free).session_epoch = 7
        session.expire_all()
        assert session.get_one(Account, free).session_epoch == 7


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


def test_of_many_schedulers_one_leads(engine: Engine, clock: FixedClock) -> None:
    leases = [Lease(engine, clock) for _ in range(6)]
    assert sorted(at_once([lease.beat for lease in leases])) == [False] * 5 + [True]
