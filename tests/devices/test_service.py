"""Devices as their owners see them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry
from app.devices import service as devices
from app.devices.rules import WifiSettings
from app.events.names import MAINTAINERS_ROOM, EventName, account_room
from app.kernel.actor import Actor, Role
from app.kernel.errors import NotFound
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from tests.factories import (
    actor_of,
    make_account,
    make_device,
    reread,
)
from tests.fakes import RecordingEvents

WIFI = WifiSettings(ssid="home", password="sesame open")


def test_an_owner_lists_only_their_own_bots(session: Session, secrets: SecretBox, services: Runtime) -> None:
    mine, other = make_account(session), make_account(session)
    device = make_device(session, secrets=secrets, account=mine)
    make_device(session, secrets=secrets, account=other)
    assert [row["id"] for row in services.devices.list(actor_of(mine))] == [device.id]
    assert len(services.devices.list(Actor.cli())) == 2


def test_another_owners_bot_is_not_there(session: Session, secrets: SecretBox, services: Runtime) -> None:
    mine, other = make_account(session), make_account(session)
    theirs = make_device(session, secrets=secrets, account=other)
    me = actor_of(mine)
    calls: tuple[Callable[[], object], ...] = (
        lambda: services.devices.get(me, theirs.id),
        lambda: services.devices.get_own(me, theirs.id),
        lambda: services.devices.set_network(me, theirs.id, WIFI),
        lambda: services.devices.set_link_open(me, theirs.id, is_open=True),
        lambda: services.devices.set_wants_log(me, theirs.id, wants_log=True),
    )
    for call in calls:
        with pytest.raises(NotFound):
            call()
    theirs = reread(session, theirs)
    assert (theirs.wifi_sealed, theirs.link_is_open) == (None, False)


def test_a_network_is_stored_sealed_and_told_without_its_words(
    session: Session, secrets: SecretBox, services: Runtime, events: RecordingEvents
) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    services.devices.set_network(actor_of(account, address="10.0.0.9"), device.id, WIFI)
    assert device.network_revision == 1
    sealed = device.wifi_sealed or b""
    assert b"sesame" not in sealed
    assert devices.open_network(sealed, device_id=device.id, secrets=secrets) == WIFI
    with pytest.raises(ValueError, match="changed"):
        devices.open_network(sealed, device_id="bot_other", secrets=secrets)
    event = events.named(EventName.DEVICE_CHANGED)[-1]
    assert set(event.rooms) == {account_room(account.id), MAINTAINERS_ROOM}
    assert event.body["network_is_set"] is True
    assert "sesame" not in str(event.body)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.address) == ("device.network", device.id, "10.0.0.9")


def test_a_maintainer_sees_everybodys_bots_but_owns_none_of_them(
    session: Session, secrets: SecretBox, services: Runtime
) -> None:
    theirs = make_device(session, secrets=secrets, account=make_account(session))
    maintainer = actor_of(make_account(session, role=Role.MAINTAINER))
    assert services.devices.get(maintainer, theirs.id).id == theirs.id
    with pytest.raises(NotFound):
        services.devices.get_own(maintainer, theirs.id)


def test_opening_the_link_is_audited_once(session: Session, secrets: SecretBox, services: Runtime) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    for is_open in (True, True, False):
        services.devices.set_link_open(actor_of(account), device.id, is_open=is_open)
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["device.link_open", "device.link_close"]
    assert device.link_is_open is False
