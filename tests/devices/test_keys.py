"""Keys of bots: a new one for the next flash over USB, revocation, and what a flash is given."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.devices import credentials
from app.devices import keys as device_keys
from app.devices.tables import Device
from app.events.names import EventName
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.runtime import Runtime
from tests.factories import DEVICE_KEY, actor_of, key_of, make_account, make_device, reread
from tests.fakes import FixedClock, RecordingEvents


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def device(session: Session, secrets: SecretBox, owner: Account) -> Device:
    return make_device(session, secrets=secrets, account=owner, counter="0000000200000007")


def whose(session: Session, device: Device) -> Actor:
    owner = session.get_one(Account, device.account_id)
    return actor_of(owner, address="10.0.0.9")


def renew(session: Session, device: Device, services: Runtime) -> Device:
    return services.device_keys.renew(whose(session, device), device.id)


def revoke(session: Session, device: Device, services: Runtime) -> Device:
    return services.device_keys.revoke(whose(session, device), device.id)


def for_flash(session: Session, device: Device, services: Runtime) -> bytes:
    with writing(session):
        return device_keys.for_flash(device, secrets=services.secrets)


def known_keys(session: Session, device: Device, secrets: SecretBox) -> tuple[bytes, bytes | None]:
    known = credentials.load(session, device_id=device.id, secrets=secrets)
    assert known is not None
    return known.key, known.next_key


def test_a_new_key_waits_beside_the_old_one(
    session: Session, device: Device, services: Runtime, secrets: SecretBox, events: RecordingEvents
) -> None:
    renew(session, device, services)
    key, following = known_keys(session, device, secrets)
    assert key == DEVICE_KEY
    assert following is not None
    assert len(following) == 32
    assert following != DEVICE_KEY
    assert device.counter == "0000000200000007"
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["credential"] == "renewed"
    assert device.next_key_over_usb is False


def test_a_key_that_waits_to_be_handed_over_stays_for_the_bot_may_have_it_already(
    session: Session, device: Device, services: Runtime, secrets: SecretBox
) -> None:
    renew(session, device, services)
    following = known_keys(session, device, secrets)[1]
    renew(session, device, services)
    assert known_keys(session, device, secrets)[1] == following
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_a_key_in_a_file_goes_over_usb_only_and_a_newer_one_voids_it(
    session: Session, device: Device, services: Runtime, secrets: SecretBox, events: RecordingEvents
) -> None:
    renew(session, device, services)
    revision = device.revision
    written = for_flash(session, device, services)
    assert (device.next_key_over_usb, device.revision) == (True, revision + 1)
    assert written == known_keys(session, device, secrets)[1]
    renew(session, device, services)
    assert device.next_key_over_usb is False
    assert known_keys(session, device, secrets)[1] != written
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["credential"] == "renewed"


def test_the_key_of_a_revoked_bot_goes_over_usb_only(
    session: Session, device: Device, services: Runtime, secrets: SecretBox
) -> None:
    renew(session, device, services)
    revoke(session, device, services)
    assert device.next_key_over_usb is True
    following = known_keys(session, device, secrets)[1]
    renew(session, device, services)
    assert (device.next_key_over_usb, device.key_revoked) == (True, True)
    assert known_keys(session, device, secrets)[1] != following


def test_a_revoked_bot_has_no_key_that_anybody_knows(
    session: Session, device: Device, services: Runtime, secrets: SecretBox, events: RecordingEvents
) -> None:
    renew(session, device, services)
    waiting = known_keys(session, device, secrets)[1]
    revoke(session, device, services)
    key, following = known_keys(session, device, secrets)
    assert not {key, following} & {DEVICE_KEY, waiting}
    assert for_flash(session, device, services) == following
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["credential"] == "revoked"


def test_changing_a_key_is_audited_and_raises_the_revision(
    session: Session, device: Device, services: Runtime
) -> None:
    renew(session, device, services)
    revoke(session, device, services)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.subject, entry.address) for entry in entries] == [
        ("device.new_key", device.id, "10.0.0.9"),
        ("device.revoke_key", device.id, "10.0.0.9"),
    ]
    assert {entry.actor for entry in entries} == {device.account_id}
    assert device.revision == 3


def test_nobody_changes_the_key_of_somebody_elses_bot(
    session: Session, device: Device, services: Runtime, secrets: SecretBox
) -> None:
    stranger = actor_of(make_account(session))
    for change in (services.device_keys.renew, services.device_keys.revoke):
        with pytest.raises(NotFound):
            change(stranger, device.id)
    assert known_keys(session, reread(session, device), secrets) == (DEVICE_KEY, None)


def test_a_flash_writes_a_new_key_once_until_the_bot_uses_it(
    session: Session, device: Device, services: Runtime
) -> None:
    first = for_flash(session, device, services)
    assert first != DEVICE_KEY
    assert for_flash(session, device, services) == first
    services.device_keys.adopt(device.id, first)
    session.refresh(device)
    assert for_flash(session, device, services) != first


@pytest.mark.parametrize("counter", ["0" * 16, "0000000200000007"], ids=["never called", "called"])
def test_a_file_that_may_be_on_a_bot_is_known_until_its_key_is_used_or_revoked(
    session: Session, owner: Account, services: Runtime, secrets: SecretBox, counter: str
) -> None:
    bot = make_device(session, secrets=secrets, account=owner, product_id="bot_wired", counter=counter)
    renew(session, bot, services)
    assert not device_keys.waits_in_file(bot)
    written = for_flash(session, bot, services)
    assert device_keys.waits_in_file(bot)
    revoke(session, bot, services)
    assert not device_keys.waits_in_file(bot)
    written = for_flash(session, bot, services)
    services.device_keys.adopt(bot.id, written)
    assert not device_keys.waits_in_file(reread(session, bot))


def test_a_virtual_bots_key_stays_in_its_browser(
    session: Session, owner: Account, services: Runtime, secrets: SecretBox
) -> None:
    virtual = make_device(session, secrets=secrets, account=owner, product_id="bot_virtual", is_virtual=True)
    given = for_flash(session, virtual, services)
    assert given != DEVICE_KEY
    services.device_keys.adopt(virtual.id, given)
    assert reread(session, virtual).is_virtual is False


def test_the_next_key_is_the_only_one_from_its_first_use(
    session: Session,
    device: Device,
    services: Runtime,
    secrets: SecretBox,
    events: RecordingEvents,
    clock: FixedClock,
) -> None:
    revoke(session, device, services)
    following = known_keys(session, device, secrets)[1] or b""
    clock.tick()
    services.device_keys.adopt(device.id, following)
    device = reread(session, device)
    assert known_keys(session, device, secrets) == (following, None)
    assert (device.counter, device.key_revoked) == ("0" * 16, False)
    assert (device.next_key_over_usb, device.key_since) == (False, clock.now())
    published = events.bodies(EventName.DEVICE_CHANGED)[-1]
    assert (published["credential"], published["credential_since"]) == ("current", "2026-05-04T12:00:01.000Z")


def test_of_two_first_uses_at_once_the_second_changes_nothing(
    session: Session, device: Device, services: Runtime, secrets: SecretBox
) -> None:
    renew(session, device, services)
    following = known_keys(session, device, secrets)[1] or b""
    services.device_keys.adopt(device.id, following)
    device = reread(session, device)
    device.counter = "0000000100000001"
    session.commit()
    services.device_keys.adopt(device.id, following)
    assert reread(session, device).counter == "0000000100000001"


def test_a_key_that_was_replaced_meanwhile_is_not_adopted(
    session: Session, device: Device, services: Runtime, secrets: SecretBox
) -> None:
    renew(session, device, services)
    previous = known_keys(session, device, secrets)[1] or b""
    for_flash(session, device, services)
    renew(session, device, services)
    services.device_keys.adopt(device.id, previous)
    assert key_of(session, device.id, secrets=secrets) == DEVICE_KEY
