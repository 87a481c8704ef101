"""Claims: who may register and claim a bot, and that refusals tell a guesser nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.devices import claims
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.events.names import MAINTAINERS_ROOM, EventName
from app.kernel.actor import Actor, Role
from app.kernel.database import make_sessions
from app.kernel.errors import Conflict, Forbidden, Invalid, LimitExceeded
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from config import Registration
from tests.factories import PASSWORD, actor_of, make_account, make_device, reread
from tests.fakes import FastPasswords, RecordingEvents

STRANGER = Actor.stranger("192.0.2.1")


def under(services: Runtime, policy: Registration) -> Runtime:
    """The services under another policy."""
    return replace(services, settings=replace(services.settings, registration=policy))


@pytest.fixture
def services(services: Runtime) -> Runtime:
    """Everybody may register."""
    return under(services, Registration.OPEN)


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_registering_makes_the_account_and_its_bot(session: Session, services: Runtime) -> None:
    account = services.claims.register(STRANGER, product_id="bot_001", password=PASSWORD)
    device = session.get_one(Device, "bot_001")
    assert (account.login_name, account.role) == ("bot_001", Role.OWNER)
    assert not account.must_change_password
    assert device.account_id == account.id
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.address) == ("account.register", "bot_001", "192.0.2.1")


def test_no_password_is_stored_in_clear(services: Runtime) -> None:
    account = services.claims.register(STRANGER, product_id="bot_001", password=PASSWORD)
    assert PASSWORD not in account.password_hash


@pytest.mark.parametrize(
    ("product_id", "password"), [("x", PASSWORD), ("bot_001", "short"), ("a/b/c", PASSWORD)]
)
def test_registering_needs_the_right_forms(
    session: Session, services: Runtime, product_id: str, password: str
) -> None:
    with pytest.raises(Invalid):
        services.claims.register(STRANGER, product_id=product_id, password=password)
    assert session.scalars(select(Account)).all() == []


def test_nobody_registers_when_registration_is_closed(
    session: Session, services: Runtime, secrets: SecretBox
) -> None:
    closed = under(services, Registration.CLOSED)
    device = make_device(session, secrets=secrets)
    for product_id in ("bot_900", device.id):
        with pytest.raises(Forbidden) as refusal:
            closed.claims.register(STRANGER, product_id=product_id, password=PASSWORD)
        assert refusal.value.code == "registration_closed"


@pytest.mark.parametrize("policy", [Registration.OPEN, Registration.INVENTORY])
def test_an_entered_bot_is_registered_with_its_initial_password_which_must_then_be_changed(
    session: Session, services: Runtime, secrets: SecretBox, policy: Registration
) -> None:
    device = make_device(session, secrets=secrets)
    account = under(services, policy).claims.register(STRANGER, product_id=device.id, password=PASSWORD)
    assert account.must_change_password
    assert reread(session, device).account_id == account.id

    changed = services.accounts.change_password(actor_of(account), old=PASSWORD, new="a better one")
    assert not changed.must_change_password


def test_a_refused_registration_says_the_same_and_costs_the_same_whatever_the_reason(
    session: Session, services: Runtime, passwords: FastPasswords, secrets: SecretBox
) -> None:
    owner = make_account(session)
    owned = make_device(session, secrets=secrets, account=owner)
    entered = make_device(session, secrets=secrets)
    make_account(session, login_name="maintainer", role=Role.MAINTAINER)
    inventory = under(services, Registration.INVENTORY)
    refusals, costs = set(), set()
    for product_id, password in [
        (owned.id, "wrong password"),
        (owned.id, PASSWORD),
        (entered.id, "wrong password"),
        ("bot_900", PASSWORD),
        ("maintainer", PASSWORD),
    ]:
        before = passwords.verified
        with pytest.raises(Forbidden) as refusal:
            inventory.claims.register(STRANGER, product_id=product_id, password=password)
        refusals.add((refusal.value.code, refusal.value.message, str(refusal.value.details)))
        costs.add(passwords.verified - before)
    assert len(refusals) == 1
    assert costs == {1}


def test_a_claimed_bot_belongs_to_the_account_and_its_pages_hear_of_it(
    session: Session, services: Runtime, secrets: SecretBox, events: RecordingEvents
) -> None:
    account = make_account(session)
    entered = make_device(session, secrets=secrets)
    for product_id in (entered.id, "bot_900"):
        device = services.claims.claim(actor_of(account), product_id=product_id, password=PASSWORD)
        assert device.account_id == account.id
    bodies = events.bodies(EventName.DEVICE_CHANGED)
    assert [body["id"] for body in bodies] == [entered.id, "bot_900"]
    assert events.events[0].rooms == (f"account:{account.id}", MAINTAINERS_ROOM)
    assert actions(session) == ["device.claim", "device.claim"]


def test_a_claimed_bot_is_no_login_name(session: Session, services: Runtime) -> None:
    account = make_account(session)
    services.claims.claim(actor_of(account), product_id="bot_900", password="another one")
    assert services.accounts.log_in(STRANGER, login_name="bot_900", password="another one") is None


@pytest.mark.parametrize("policy", Registration)
def test_a_refused_claim_says_the_same_and_costs_the_same_whatever_the_reason(
    session: Session,
    services: Runtime,
    passwords: FastPasswords,
    secrets: SecretBox,
    policy: Registration,
) -> None:
    account, other = make_account(session), make_account(session)
    theirs = make_device(session, secrets=secrets, account=other)
    entered = make_device(session, secrets=secrets)
    attempts = [(theirs.id, PASSWORD), (theirs.id, "wrong password"), (entered.id, "wrong password")]
    if policy is not Registration.OPEN:
        attempts.append((DeviceId("bot_900"), PASSWORD))
    refusals, costs = set(), set()
    for product_id, password in attempts:
        before = passwords.verified
        with pytest.raises(Forbidden) as refusal:
            under(services, policy).claims.claim(actor_of(account), product_id=product_id, password=password)
        refusals.add((refusal.value.code, refusal.value.message, str(refusal.value.details)))
        costs.add(passwords.verified - before)
    assert len(refusals) == 1
    assert costs == {1}
    assert reread(session, theirs).account_id == other.id
    assert reread(session, entered).account_id is None


def test_ones_own_bot_is_not_claimed_again(session: Session, services: Runtime, secrets: SecretBox) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    with pytest.raises(Conflict) as refusal:
        services.claims.claim(actor_of(account), product_id=device.id, password=PASSWORD)
    assert refusal.value.code == "already_yours"


def test_an_account_has_a_limited_number_of_bots(
    session: Session, services: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "MAX_DEVICES", 2)
    account = services.claims.register(STRANGER, product_id="bot_001", password=PASSWORD)
    services.claims.claim(actor_of(account), product_id="bot_002", password=PASSWORD)
    with pytest.raises(LimitExceeded) as refusal:
        services.claims.claim(actor_of(account), product_id="bot_003", password=PASSWORD)
    assert refusal.value.details == {"limit": 2}


def test_a_bot_with_an_owner_keeps_no_hash_of_a_password(
    session: Session, services: Runtime, secrets: SecretBox
) -> None:
    first, second = make_device(session, secrets=secrets), make_device(session, secrets=secrets)
    account = services.claims.register(STRANGER, product_id=first.id, password=PASSWORD)
    for product_id in (second.id, "bot_900"):
        services.claims.claim(actor_of(account), product_id=product_id, password=PASSWORD)
    assert set(session.scalars(select(Device.password_hash))) == {None}


def test_an_unknown_id_is_free_under_open_registration_only(session: Session, services: Runtime) -> None:
    for policy in (Registration.INVENTORY, Registration.CLOSED):
        with pytest.raises(Forbidden):
            under(services, policy).claims.register(STRANGER, product_id="bot_900", password=PASSWORD)
    services.claims.register(STRANGER, product_id="bot_900", password=PASSWORD)
    assert session.get(Device, "bot_900")


@pytest.mark.parametrize("policy", Registration)
def test_an_entered_id_needs_its_password_under_every_policy(
    session: Session, services: Runtime, secrets: SecretBox, policy: Registration
) -> None:
    owner = actor_of(make_account(session))
    device = make_device(session, secrets=secrets)
    ruled = under(services, policy).claims
    with pytest.raises(Forbidden):
        ruled.claim(owner, product_id=device.id, password="wrong password")
    assert ruled.claim(owner, product_id=device.id, password=PASSWORD).account_id == owner.account_id


def test_a_login_name_is_no_free_product_id(session: Session, services: Runtime) -> None:
    make_account(session, login_name="ann")
    with pytest.raises(Forbidden):
        services.claims.register(STRANGER, product_id="ann", password=PASSWORD)
    with pytest.raises(Forbidden):
        services.claims.claim(actor_of(make_account(session)), product_id="ann", password=PASSWORD)


def test_what_somebody_took_in_between_is_not_taken_again(
    session: Session, engine: Engine, services: Runtime, secrets: SecretBox
) -> None:
    ann, bob = make_account(session), make_account(session)
    device = make_device(session, secrets=secrets)

    class TakenMeanwhile(FastPasswords):
        def verify(self, password: str, password_hash: str | None) -> bool:
            with make_sessions(engine)() as other:
                other.get_one(Device, device.id).account_id = ann.id
                other.commit()
            return super().verify(password, password_hash)

    slow = replace(services, passwords=TakenMeanwhile())
    with pytest.raises(Forbidden) as refusal:
        slow.claims.claim(actor_of(bob), product_id=device.id, password=PASSWORD)
    assert refusal.value.code == "claim_refused"
    assert reread(session, device).account_id == ann.id


def test_an_id_that_a_maintainer_entered_in_between_needs_its_own_password(
    session: Session, engine: Engine, services: Runtime, secrets: SecretBox
) -> None:
    class EnteredMeanwhile(FastPasswords):
        def hash(self, password: str) -> str:
            if password == "any password":
                with make_sessions(engine)() as other:
                    make_device(other, secrets=secrets, product_id="bot_900")
            return super().hash(password)

    slow = replace(services, passwords=EnteredMeanwhile())
    with pytest.raises(Forbidden):
        slow.claims.register(STRANGER, product_id="bot_900", password="any password")
    assert session.get_one(Device, "bot_900").account_id is None
    assert session.scalars(select(Account)).all() == []
