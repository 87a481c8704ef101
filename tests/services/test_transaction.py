"""The write transaction."""

import threading

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from app.adapters.database import SINGLE_STATEMENTS, make_sessions
from app.models import Account
from app.services.transaction import writing, writing_once
from tests.factories import make_account


def test_an_exception_undoes_everything(session: Session) -> None:
    account = make_account(session)

    def change_and_fail() -> None:
        with writing(session):
            account.session_epoch = 5
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    session.refresh(account)
    assert account.session_epoch == 0


def test_read_and_write_in_many_threads_loses_nothing(engine: Engine, session: Session) -> None:
    account_id = make_account(session).id
    sessions = make_sessions(engine)

    def count_up() -> None:
        for _ in range(20):
            with sessions() as own, writing(own):
                row = own.get_one(Account, account_id)
                row.session_epoch += 1

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    session.expire_all()
    assert session.get_one(Account, account_id).session_epoch == 80


def test_an_open_read_ends_before_the_write_begins(session: Session) -> None:
    account = make_account(session)
    session.refresh(account)
    with writing(session):
        account.session_epoch = 1
    session.refresh(account)
    assert account.session_epoch == 1


def _raise_epoch(session: Session, account_id: str) -> None:
    with writing_once(session):
        raised = update(Account).values(session_epoch=Account.session_epoch + 1)
        session.connection().execute(raised.where(Account.id == account_id))


@pytest.mark.parametrize("options", [{}, SINGLE_STATEMENTS], ids=["with a transaction", "without"])
def test_a_single_write_after_an_old_read_meets_no_locked_database(
    engine: Engine, session: Session, options: dict[str, str]
) -> None:
    account = make_account(session)
    sessions = make_sessions(engine.execution_options(**options))
    with sessions() as early, sessions() as late:
        assert early.get_one(Account, account.id).session_epoch == 0
        _raise_epoch(late, account.id)
        _raise_epoch(early, account.id)
    session.refresh(account)
    assert account.session_epoch == 2
