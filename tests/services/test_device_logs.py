"""The ring of lines that a bot's sketch printed."""

import pytest
from sqlalchemy.orm import Session

from app.adapters.secrets import AesSecretBox
from app.domain.errors import Conflict, NotFound
from app.services import device_logs
from tests.factories import make_account, make_device
from tests.fakes import FixedClock


def test_only_the_newest_lines_are_kept_and_losses_are_counted(
    session: Session, secrets: AesSecretBox, clock: FixedClock
) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    for call in range(5):
        device_logs.append(
            session,
            device_id=device.id,
            counter=f"{call + 1:016x}",
            lines=[f"{call}-{line}" for line in range(60)],
            dropped=call,
            clock=clock,
        )
    lines, dropped = device_logs.read(session, account_id=account.id, device_id=device.id)
    assert len(lines) == device_logs.KEPT_LINES
    assert (lines[0]["text"], lines[-1]["text"]) == ("1-40", "4-59")
    assert dropped == 10


def test_a_used_counter_keeps_nothing(session: Session, secrets: AesSecretBox, clock: FixedClock) -> None:
    device = make_device(session, secrets=secrets, counter="f" * 16)
    with pytest.raises(Conflict):
        device_logs.append(
            session, device_id=device.id, counter="0" * 15 + "1", lines=["x"], dropped=0, clock=clock
        )
    assert device_logs.read(session, account_id=None, device_id=device.id) == ([], 0)


def test_another_owners_log_is_not_there(session: Session, secrets: AesSecretBox) -> None:
    device = make_device(session, secrets=secrets, account=make_account(session))
    with pytest.raises(NotFound):
        device_logs.read(session, account_id=make_account(session).id, device_id=device.id)
