"""Virtual bots: their key goes to their owner's browser, and to nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry
from app.builds.rules import BuildState
from app.devices import claims, credentials
from app.devices import keys as device_keys
from app.devices.keys import DeviceKeys
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.events.names import EventName, account_room
from app.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.runtime import Runtime
from app.virtual_devices import service as virtual_bots
from tests.factories import (
    DEVICE_KEY,
    actor_of,
    key_of,
    make_account,
    make_build,
    make_device,
    make_sketch,
    reread,
)
from tests.fakes import START, MemorySketchStore, RecordingEvents


def test_a_new_virtual_bot_has_the_key_that_is_handed_out(
    session: Session, secrets: SecretBox, services: Runtime, events: RecordingEvents
) -> None:
    owner = make_account(session)
    made = services.virtual_devices.create(actor_of(owner))
    device = reread(session, made.device)
    assert (device.account_id, device.is_virtual) == (owner.id, True)
    assert key_of(session, device.id, secrets=secrets) == made.key
    (event,) = events.named(EventName.DEVICE_CHANGED)
    assert account_room(owner.id) in event.rooms
    assert made.key.hex() not in str(event.body)


def test_two_virtual_bots_share_neither_name_nor_key(session: Session, services: Runtime) -> None:
    owner = make_account(session)
    one, two = (services.virtual_devices.create(actor_of(owner)) for _ in range(2))
    assert one.device.id != two.device.id
    assert one.key != two.key


def test_an_account_cannot_take_every_name(
    session: Session, services: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "MAX_DEVICES", 1)
    owner = make_account(session)
    services.virtual_devices.create(actor_of(owner))
    with pytest.raises(LimitExceeded):
        services.virtual_devices.create(actor_of(owner))


def test_a_name_is_never_forced(session: Session, services: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.virtual_devices.service.randomness.choice", lambda letters: letters[0])
    owner = make_account(session)
    services.virtual_devices.create(actor_of(owner))
    with pytest.raises(Conflict):
        services.virtual_devices.create(actor_of(owner))


def test_a_new_key_ends_the_old_one_and_counts_calls_from_the_start(
    session: Session, secrets: SecretBox, services: Runtime
) -> None:
    owner = make_account(session)
    device = make_device(
        session, secrets=secrets, account=owner, is_virtual=True, last_seen_at=START, counter="f" * 16
    )
    renewed = services.virtual_devices.hand_over(actor_of(owner, address="192.0.2.7"), device.id)
    device = reread(session, device)
    assert renewed.key != DEVICE_KEY
    assert key_of(session, device.id, secrets=secrets) == renewed.key
    assert device.counter == "0" * 16
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject, entry.address) == (
        owner.id,
        "device.new_key",
        device.id,
        "192.0.2.7",
    )


def test_a_bot_that_never_called_becomes_virtual(
    session: Session, secrets: SecretBox, services: Runtime
) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner)
    services.virtual_devices.hand_over(actor_of(owner), device.id)
    assert reread(session, device).is_virtual


def test_a_real_bots_key_stays_where_it_is(session: Session, secrets: SecretBox, services: Runtime) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner, last_seen_at=START)
    with pytest.raises(Conflict):
        services.virtual_devices.hand_over(actor_of(owner), device.id)
    assert key_of(session, device.id, secrets=secrets) == DEVICE_KEY
    assert not reread(session, device).is_virtual


@pytest.mark.parametrize("is_virtual", [False, True])
@pytest.mark.parametrize("give_up", [DeviceKeys.renew, DeviceKeys.revoke])
def test_the_key_in_a_file_is_not_made_void_by_a_page_until_the_owner_gives_it_up(
    session: Session,
    secrets: SecretBox,
    services: Runtime,
    is_virtual: bool,
    give_up: Callable[..., Device],
) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner, is_virtual=is_virtual)
    assert virtual_bots.may_run_in_page(device)
    with writing(session):
        written = device_keys.for_flash(device, secrets=secrets)
    assert virtual_bots.may_run_in_page(device) is is_virtual
    with pytest.raises(Conflict) as refusal:
        services.virtual_devices.hand_over(actor_of(owner), device.id)
    assert refusal.value.code == "flash_waits"
    known = credentials.load(session, device_id=device.id, secrets=secrets)
    assert known is not None
    assert known.next_key == written
    give_up(services.device_keys, actor_of(owner), device.id)
    assert virtual_bots.may_run_in_page(device)
    services.virtual_devices.hand_over(actor_of(owner), device.id)


def test_another_owners_virtual_bot_is_not_there(
    session: Session, secrets: SecretBox, services: Runtime
) -> None:
    theirs = make_device(session, secrets=secrets, account=make_account(session), is_virtual=True)
    with pytest.raises(NotFound):
        services.virtual_devices.hand_over(actor_of(make_account(session)), theirs.id)
    assert key_of(session, theirs.id, secrets=secrets) == DEVICE_KEY


def test_each_sketch_offers_its_newest_finished_virtual_build(
    session: Session, services: Runtime, sketch_store: MemorySketchStore
) -> None:
    owner, other = make_account(session), make_account(session)
    lamp = make_sketch(session, account=owner, store=sketch_store, name="Lamp")
    bell = make_sketch(session, account=owner, store=sketch_store, name="Bell")
    for minutes in (1, 5, 3):
        make_build(session, account=owner, sketch=lamp, finished_at=START + timedelta(minutes=minutes))
    newest_bell = make_build(session, account=owner, sketch=bell, finished_at=START + timedelta(minutes=9))
    make_build(session, account=owner, sketch=lamp, state=BuildState.FAILED)
    make_build(session, account=owner, sketch=lamp, chip="esp32", finished_at=START + timedelta(hours=1))
    make_build(
        session,
        account=other,
        sketch=make_sketch(session, account=other, store=sketch_store),
        finished_at=START,
    )
    found = services.virtual_devices.images(actor_of(owner))
    assert [image.sketch_name for image in found] == ["Bell", "Lamp"]
    assert found[0].build_id == newest_bell.id
    assert found[1].finished_at == START + timedelta(minutes=5)


def test_a_bot_waits_for_the_first_browser_that_takes_its_key(
    session: Session, secrets: SecretBox, services: Runtime
) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner)
    services.virtual_devices.make_virtual(actor_of(owner), device.id)
    assert reread(session, device).is_virtual
    assert not services.virtual_devices.rules(actor_of(owner), device.id).is_taken
    services.virtual_devices.hand_over(actor_of(owner), device.id)
    assert services.virtual_devices.rules(actor_of(owner), device.id).is_taken


def test_a_new_virtual_bot_is_taken_and_may_ask_nobody_else(session: Session, services: Runtime) -> None:
    owner = make_account(session)
    made = services.virtual_devices.create(actor_of(owner))
    rules = services.virtual_devices.rules(actor_of(owner), made.device.id)
    assert rules == virtual_bots.Rules(is_taken=True, allowed_origins=())


def test_a_real_bot_cannot_be_made_virtual(session: Session, secrets: SecretBox, services: Runtime) -> None:
    owner = make_account(session)
    real = make_device(session, secrets=secrets, account=owner, last_seen_at=START)
    with pytest.raises(Conflict):
        services.virtual_devices.make_virtual(actor_of(owner), real.id)
    assert not reread(session, real).is_virtual


def test_the_owner_says_whom_a_bot_may_ask_and_takes_it_back(session: Session, services: Runtime) -> None:
    owner = make_account(session)
    one, other = (services.virtual_devices.create(actor_of(owner)) for _ in range(2))
    own = ["http://lamp.local:5000"]

    def allow(*origins: str) -> None:
        services.virtual_devices.set_origins(actor_of(owner), one.device.id, origins=origins, own=own)

    def origins_of(device_id: DeviceId) -> tuple[str, ...]:
        return services.virtual_devices.rules(actor_of(owner), device_id).allowed_origins

    wanted = ["https://b.example", "http://192.168.1.20:8000"]
    allow(*wanted)
    session.expire_all()
    assert (origins_of(one.device.id), origins_of(other.device.id)) == (tuple(wanted), ())
    assert "device.origins" in session.scalars(select(AuditEntry.action)).all()
    with pytest.raises(Invalid):
        allow(*own)
    assert origins_of(one.device.id) == tuple(wanted)
    allow()
    assert origins_of(one.device.id) == ()


def test_only_the_owner_and_only_for_a_virtual_bot(
    session: Session, secrets: SecretBox, services: Runtime
) -> None:
    owner, stranger = make_account(session), make_account(session, login_name="stranger")
    made = services.virtual_devices.create(actor_of(owner))
    real = make_device(session, secrets=secrets, account=owner)
    for account, device_id, refusal in (
        (stranger, made.device.id, NotFound),
        (owner, real.id, Conflict),
    ):
        with pytest.raises(refusal):
            services.virtual_devices.set_origins(actor_of(account), device_id, origins=[], own=[])
    with pytest.raises(NotFound):
        services.virtual_devices.rules(actor_of(stranger), made.device.id)
