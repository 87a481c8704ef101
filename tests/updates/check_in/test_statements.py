"""The statements of a check-in."""

import pytest
from sqlalchemy.orm import Session

from app.devices import credentials
from app.devices.tables import Device
from app.kernel.errors import Conflict
from app.kernel.secret_box import SecretBox
from app.updates.check_in import statements
from app.updates.check_in.statements import REPORTED
from app.updates.rules import UpdateState
from tests.factories import (
    make_account,
    make_board,
    make_build,
    make_device,
    make_release,
    make_update,
    reread,
)
from tests.fakes import FixedClock

VIRTUAL_FQBN = "airsketch:virtual:bot"


@pytest.fixture
def device(session: Session, secrets: SecretBox) -> Device:
    return make_device(session, secrets=secrets, account=make_account(session))


def _store(session: Session, device: Device, clock: FixedClock, counter: str) -> object:
    facts = {name: getattr(device, name) for name in REPORTED} | {"board": VIRTUAL_FQBN}
    found = {
        "network_revision_used": 1,
        "network_failed_revision": 0,
        "network_error": None,
        "sends_log": False,
    }
    return statements.store(
        session.connection(),
        device_id=device.id,
        counter=counter,
        now=clock.now(),
        chip="virtual",
        facts=facts | found,
        is_published=True,
    )


def test_one_query_finds_the_credentials_and_the_open_update(
    session: Session, device: Device, secrets: SecretBox
) -> None:
    release = make_release(session, build=make_build(session, account=make_account(session)))
    make_update(session, device=device, release=release, state=UpdateState.CANCELLED)
    opened = make_update(session, device=device, release=release, state=UpdateState.OFFERED)
    row = statements.load(session.connection(), device_id=device.id)
    assert row is not None
    assert (row.update_id, row.update_state, row.sha256) == (opened.id, "offered", release.sha256)
    found = credentials.from_row(row, device_id=device.id, secrets=secrets)
    assert found == credentials.load(session, device_id=device.id, secrets=secrets)


def test_a_device_that_does_not_exist_is_not_found(session: Session) -> None:
    assert statements.load(session.connection(), device_id="nobody") is None


def test_a_board_has_its_chip_with_and_without_options(session: Session) -> None:
    make_board(session)
    assert statements.chip_of(session.connection(), VIRTUAL_FQBN) == "virtual"
    assert statements.chip_of(session.connection(), f"{VIRTUAL_FQBN}:log=full") == "virtual"
    assert statements.chip_of(session.connection(), "acme:z80:one") == ""


def test_a_counter_is_used_up_with_what_is_stored(
    session: Session, device: Device, clock: FixedClock
) -> None:
    before = device.revision
    _store(session, device, clock, f"{5:016x}")
    session.commit()
    stored = reread(session, device)
    assert (stored.counter, stored.board, stored.revision) == (f"{5:016x}", VIRTUAL_FQBN, before + 1)
    clock.tick()
    with pytest.raises(Conflict, match="used before"):
        _store(session, device, clock, f"{5:016x}")
    assert reread(session, device).last_seen_at != clock.now()
