"""The write transaction."""

import threading

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.kernel.database import make_sessions
from app.kernel.transaction import writing
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
