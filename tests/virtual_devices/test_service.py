"""Virtual bots: their key goes to their owner's browser, and to nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Registration
from app.accounts.service import AccountParts
from app.audit.tables import AuditEntry
from app.builds.rules import BuildState
from app.devices import keys as device_keys
from app.devices import provisioning
from app.devices import service as devices
from app.devices.service import DeviceParts
from app.devices.tables import Device
from app.events.names import EventName, account_room
from app.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.virtual_devices import service as virtual_bots
from tests.factories import DEVICE_KEY, make_account, make_build, make_device, make_sketch, reread
from tests.fakes import START, FastPasswords, FixedClock, MemorySketchStore, RecordingEvents


@pytest.fixture
def account_parts(secrets: SecretBox, events: RecordingEvents, clock: FixedClock) -> AccountParts:
    return AccountParts(
        registration=Registration.CLOSED,
        passwords=FastPasswords(),
        secrets=secrets,
        events=events,
        clock=clock,
    )


@pytest.fixture
def parts(secrets: SecretBox, events: RecordingEvents, clock: FixedClock) -> DeviceParts:
    return DeviceParts(secrets=secrets, events=events, clock=clock)


def test_a_new_virtual_bot_has_the_key_that_is_handed_out(
    session: Session, secrets: SecretBox, account_parts: AccountParts, events: RecordingEvents
) -> None:
    owner = make_account(session)
    made = virtual_bots.create(session, account_id=owner.id, parts=account_parts)
    device = reread(session, made.device)
    assert (device.account_id, device.is_virtual) == (owner.id, True)
    assert provisioning.device_key(session, device_id=device.id, secrets=secrets) == made.key
    (news,) = events.named(EventName.DEVICE_CHANGED)
    assert account_room(owner.id) in news.rooms
    assert made.key.hex() not in str(news.body)


def test_two_virtual_bots_share_neither_name_nor_key(session: Session, account_parts: AccountParts) -> None:
    owner = make_account(session)
    one, two = (virtual_bots.create(session, account_id=owner.id, parts=account_parts) for _ in range(2))
    assert one.device.id != two.device.id
    assert one.key != two.key


def test_an_account_cannot_take_every_name(
    session: Session, account_parts: AccountParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virtual_bots, "MAX_DEVICES", 1)
    owner = make_account(session)
    virtual_bots.create(session, account_id=owner.id, parts=account_parts)
    with pytest.raises(LimitExceeded):
        virtual_bots.create(session, account_id=owner.id, parts=account_parts)


def test_a_name_is_never_forced(
    session: Session, account_parts: AccountParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virtual_bots.randomness, "choice", lambda letters: letters[0])
    owner = make_account(session)
    virtual_bots.create(session, account_id=owner.id, parts=account_parts)
    with pytest.raises(Conflict):
        virtual_bots.create(session, account_id=owner.id, parts=account_parts)


def test_a_new_key_ends_the_old_one_and_counts_calls_from_the_start(
    session: Session, secrets: SecretBox, parts: DeviceParts
) -> None:
    owner = make_account(session)
    device = make_device(
        session, secrets=secrets, account=owner, is_virtual=True, last_seen_at=START, counter="f" * 16
    )
    renewed = virtual_bots.hand_over(
        session, account_id=owner.id, device_id=device.id, parts=parts, address="192.0.2.7"
    )
    device = reread(session, device)
    assert renewed.key != DEVICE_KEY
    assert provisioning.device_key(session, device_id=device.id, secrets=secrets) == renewed.key
    assert device.counter == "0" * 16
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject, entry.address) == (
        owner.id,
        "device.new_key",
        device.id,
        "192.0.2.7",
    )


def test_a_bot_that_never_called_becomes_virtual(
    session: Session, secrets: SecretBox, parts: DeviceParts
) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner)
    virtual_bots.hand_over(session, account_id=owner.id, device_id=device.id, parts=parts)
    assert reread(session, device).is_virtual


def test_a_real_bots_key_stays_where_it_is(session: Session, secrets: SecretBox, parts: DeviceParts) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner, last_seen_at=START)
    with pytest.raises(Conflict):
        virtual_bots.hand_over(session, account_id=owner.id, device_id=device.id, parts=parts)
    assert provisioning.device_key(session, device_id=device.id, secrets=secrets) == DEVICE_KEY
    assert not reread(session, device).is_virtual


@pytest.mark.parametrize("is_virtual", [False, True])
@pytest.mark.parametrize("give_up", [device_keys.renew, device_keys.revoke])
def test_the_key_in_a_file_is_not_made_void_by_a_page_until_the_owner_gives_it_up(
    session: Session,
    secrets: SecretBox,
    parts: DeviceParts,
    is_virtual: bool,
    give_up: Callable[..., Device],
) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner, is_virtual=is_virtual)
    assert virtual_bots.may_run_in_page(device)
    with writing(session):
        written = device_keys.for_flash(device, parts=parts)
    assert virtual_bots.may_run_in_page(device) is is_virtual
    with pytest.raises(Conflict) as refusal:
        virtual_bots.hand_over(session, account_id=owner.id, device_id=device.id, parts=parts)
    assert refusal.value.code == "flash_waits"
    known = devices.credentials(session, device_id=device.id, secrets=secrets)
    assert known is not None
    assert known.next_key == written
    give_up(session, account_id=owner.id, device_id=device.id, address="", parts=parts)
    assert virtual_bots.may_run_in_page(device)
    virtual_bots.hand_over(session, account_id=owner.id, device_id=device.id, parts=parts)


def test_another_owners_virtual_bot_is_not_there(
    session: Session, secrets: SecretBox, parts: DeviceParts
) -> None:
    theirs = make_device(session, secrets=secrets, account=make_account(session), is_virtual=True)
    with pytest.raises(NotFound):
        virtual_bots.hand_over(session, account_id=make_account(session).id, device_id=theirs.id, parts=parts)
    assert provisioning.device_key(session, device_id=theirs.id, secrets=secrets) == DEVICE_KEY


def test_each_sketch_offers_its_newest_finished_virtual_build(
    session: Session, sketch_store: MemorySketchStore
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
    found = virtual_bots.images(session, account_id=owner.id)
    assert [image.sketch_name for image in found] == ["Bell", "Lamp"]
    assert found[0].build_id == newest_bell.id
    assert found[1].finished_at == START + timedelta(minutes=5)


def test_a_bot_waits_for_the_first_browser_that_takes_its_key(
    session: Session, secrets: SecretBox, parts: DeviceParts
) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner)
    virtual_bots.make_virtual(session, account_id=owner.id, device_id=device.id)
    assert reread(session, device).is_virtual
    assert not virtual_bots.rules(session, account_id=owner.id, device_id=device.id).is_taken
    virtual_bots.hand_over(session, account_id=owner.id, device_id=device.id, parts=parts)
    assert virtual_bots.rules(session, account_id=owner.id, device_id=device.id).is_taken


def test_a_new_virtual_bot_is_taken_and_may_ask_nobody_else(
    session: Session, account_parts: AccountParts
) -> None:
    owner = make_account(session)
    made = virtual_bots.create(session, account_id=owner.id, parts=account_parts)
    rules = virtual_bots.rules(session, account_id=owner.id, device_id=made.device.id)
    assert rules == virtual_bots.Rules(is_taken=True, allowed_origins=())


def test_a_real_bot_cannot_be_made_virtual(session: Session, secrets: SecretBox, parts: DeviceParts) -> None:
    owner = make_account(session)
    real = make_device(session, secrets=secrets, account=owner, last_seen_at=START)
    with pytest.raises(Conflict):
        virtual_bots.make_virtual(session, account_id=owner.id, device_id=real.id)
    assert not reread(session, real).is_virtual


def test_the_owner_says_whom_a_bot_may_ask_and_takes_it_back(
    session: Session, account_parts: AccountParts, parts: DeviceParts
) -> None:
    owner = make_account(session)
    one, other = (virtual_bots.create(session, account_id=owner.id, parts=account_parts) for _ in range(2))
    words = {"account_id": owner.id, "own": ["http://lamp.local:5000"], "parts": parts}

    def origins_of(device_id: str) -> tuple[str, ...]:
        return virtual_bots.rules(session, account_id=owner.id, device_id=device_id).allowed_origins

    wanted = ["https://b.example", "http://192.168.1.20:8000"]
    virtual_bots.set_origins(session, device_id=one.device.id, origins=wanted, **words)  # type: ignore[arg-type]
    session.expire_all()
    assert (origins_of(one.device.id), origins_of(other.device.id)) == (tuple(wanted), ())
    assert "device.origins" in session.scalars(select(AuditEntry.action)).all()
    with pytest.raises(Invalid):
        virtual_bots.set_origins(
            session,
            device_id=one.device.id,
            origins=["http://lamp.local:5000"],
            **words,  # type: ignore[arg-type]
        )
    assert origins_of(one.device.id) == tuple(wanted)
    virtual_bots.set_origins(session, device_id=one.device.id, origins=[], **words)  # type: ignore[arg-type]
    assert origins_of(one.device.id) == ()


def test_only_the_owner_and_only_for_a_virtual_bot(
    session: Session, secrets: SecretBox, account_parts: AccountParts, parts: DeviceParts
) -> None:
    owner, stranger = make_account(session), make_account(session, login_name="stranger")
    made = virtual_bots.create(session, account_id=owner.id, parts=account_parts)
    real = make_device(session, secrets=secrets, account=owner)
    for account, device_id, refusal in (
        (stranger, made.device.id, NotFound),
        (owner, real.id, Conflict),
    ):
        with pytest.raises(refusal):
            virtual_bots.set_origins(
                session, account_id=account.id, device_id=device_id, origins=[], own=[], parts=parts
            )
    with pytest.raises(NotFound):
        virtual_bots.rules(session, account_id=stranger.id, device_id=made.device.id)
