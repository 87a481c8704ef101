"""Accounts: who may register, claim and log in, and that refusals tell a guesser nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.rules import Registration
from app.accounts.service import AccountParts
from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.devices.tables import Device
from app.events.names import EventName
from app.kernel.actor import Role
from app.kernel.database import make_sessions
from app.kernel.errors import AppError, Conflict, Forbidden, Invalid, LimitExceeded
from app.kernel.secret_box import SecretBox
from tests.factories import PASSWORD, make_account, make_device, reread
from tests.fakes import START, FastPasswords, FixedClock, RecordingEvents


@pytest.fixture
def parts(
    passwords: FastPasswords, secrets: SecretBox, events: RecordingEvents, clock: FixedClock
) -> AccountParts:
    return AccountParts(
        registration=Registration.OPEN, passwords=passwords, secrets=secrets, events=events, clock=clock
    )


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_registering_makes_the_account_and_its_bot(session: Session, parts: AccountParts) -> None:
    account = accounts.register(
        session, product_id="bot_001", password=PASSWORD, parts=parts, address="192.0.2.1"
    )
    device = session.get_one(Device, "bot_001")
    assert (account.login_name, account.role) == ("bot_001", Role.OWNER)
    assert not account.must_change_password
    assert device.account_id == account.id
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.address) == ("account.register", "bot_001", "192.0.2.1")


def test_no_password_is_stored_in_clear(session: Session, parts: AccountParts) -> None:
    account = accounts.register(session, product_id="bot_001", password=PASSWORD, parts=parts)
    assert PASSWORD not in account.password_hash
    assert PASSWORD not in session.get_one(Device, "bot_001").password_hash


@pytest.mark.parametrize(
    ("product_id", "password"), [("x", PASSWORD), ("bot_001", "short"), ("a/b/c", PASSWORD)]
)
def test_registering_needs_the_right_forms(
    session: Session, parts: AccountParts, product_id: str, password: str
) -> None:
    with pytest.raises(Invalid):
        accounts.register(session, product_id=product_id, password=password, parts=parts)
    assert session.scalars(select(Account)).all() == []


def test_nobody_registers_when_registration_is_closed(
    session: Session, parts: AccountParts, secrets: SecretBox
) -> None:
    closed = replace(parts, registration=Registration.CLOSED)
    device = make_device(session, secrets=secrets)
    for product_id in ("bot_900", device.id):
        with pytest.raises(Forbidden) as refusal:
            accounts.register(session, product_id=product_id, password=PASSWORD, parts=closed)
        assert refusal.value.code == "registration_closed"


@pytest.mark.parametrize("policy", [Registration.OPEN, Registration.INVENTORY])
def test_an_entered_bot_is_registered_with_its_initial_password_which_must_then_be_changed(
    session: Session, parts: AccountParts, secrets: SecretBox, policy: Registration
) -> None:
    device = make_device(session, secrets=secrets)
    account = accounts.register(
        session, product_id=device.id, password=PASSWORD, parts=replace(parts, registration=policy)
    )
    assert account.must_change_password
    assert reread(session, device).account_id == account.id

    changed = accounts.change_password(
        session, account_id=account.id, old=PASSWORD, new="a better one", parts=parts
    )
    assert not changed.must_change_password
    assert not reread(session, device).initial_password
    assert parts.passwords.verify("a better one", device.password_hash)


def test_a_refused_registration_says_the_same_and_costs_the_same_whatever_the_reason(
    session: Session, parts: AccountParts, passwords: FastPasswords, secrets: SecretBox
) -> None:
    owner = make_account(session)
    owned = make_device(session, secrets=secrets, account=owner)
    entered = make_device(session, secrets=secrets)
    make_account(session, login_name="maintainer", role=Role.MAINTAINER)
    inventory = replace(parts, registration=Registration.INVENTORY)
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
            accounts.register(session, product_id=product_id, password=password, parts=inventory)
        refusals.add((refusal.value.code, refusal.value.message, str(refusal.value.details)))
        costs.add(passwords.verified - before)
    assert len(refusals) == 1
    assert costs == {1}


def test_a_claimed_bot_belongs_to_the_account_and_its_pages_hear_of_it(
    session: Session, parts: AccountParts, secrets: SecretBox, events: RecordingEvents
) -> None:
    account = make_account(session)
    entered = make_device(session, secrets=secrets)
    for product_id in (entered.id, "bot_900"):
        device = accounts.claim(
            session, account_id=account.id, product_id=product_id, password=PASSWORD, parts=parts
        )
        assert device.account_id == account.id
        assert not device.initial_password
    bodies = events.bodies(EventName.DEVICE_CHANGED)
    assert [body["id"] for body in bodies] == [entered.id, "bot_900"]
    assert events.events[0].rooms == (f"account:{account.id}",)
    assert actions(session) == ["device.claim", "device.claim"]


def test_a_claimed_bot_is_no_login_name(session: Session, parts: AccountParts) -> None:
    account = make_account(session)
    accounts.claim(session, account_id=account.id, product_id="bot_900", password="another one", parts=parts)
    assert accounts.authenticate(session, login_name="bot_900", password="another one", parts=parts) is None


@pytest.mark.parametrize("policy", Registration)
def test_a_refused_claim_says_the_same_and_costs_the_same_whatever_the_reason(
    session: Session,
    parts: AccountParts,
    passwords: FastPasswords,
    secrets: SecretBox,
    policy: Registration,
) -> None:
    account, other = make_account(session), make_account(session)
    theirs = make_device(session, secrets=secrets, account=other)
    entered = make_device(session, secrets=secrets)
    attempts = [(theirs.id, PASSWORD), (theirs.id, "wrong password"), (entered.id, "wrong password")]
    if policy is not Registration.OPEN:
        attempts.append(("bot_900", PASSWORD))
    refusals, costs = set(), set()
    for product_id, password in attempts:
        before = passwords.verified
        with pytest.raises(Forbidden) as refusal:
            accounts.claim(
                session,
                account_id=account.id,
                product_id=product_id,
                password=password,
                parts=replace(parts, registration=policy),
            )
        refusals.add((refusal.value.code, refusal.value.message, str(refusal.value.details)))
        costs.add(passwords.verified - before)
    assert len(refusals) == 1
    assert costs == {1}
    assert reread(session, theirs).account_id == other.id
    assert reread(session, entered).account_id is None


def test_ones_own_bot_is_not_claimed_again(session: Session, parts: AccountParts, secrets: SecretBox) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    with pytest.raises(Conflict) as refusal:
        accounts.claim(session, account_id=account.id, product_id=device.id, password=PASSWORD, parts=parts)
    assert refusal.value.code == "already_yours"


def test_an_account_has_a_limited_number_of_bots(
    session: Session, parts: AccountParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "MAX_DEVICES", 2)
    account = accounts.register(session, product_id="bot_001", password=PASSWORD, parts=parts)
    accounts.claim(session, account_id=account.id, product_id="bot_002", password=PASSWORD, parts=parts)
    with pytest.raises(LimitExceeded) as refusal:
        accounts.claim(session, account_id=account.id, product_id="bot_003", password=PASSWORD, parts=parts)
    assert refusal.value.details == {"limit": 2}


def test_the_right_password_logs_in_and_is_noted(session: Session, parts: AccountParts) -> None:
    account = make_account(session)
    found = accounts.authenticate(
        session, login_name=account.login_name, password=PASSWORD, parts=parts, address="192.0.2.9"
    )
    assert found is not None
    assert found.id == account.id
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor, entry.address) == ("account.log_in", account.id, "192.0.2.9")


def test_unknown_names_and_wrong_passwords_cost_the_same_and_get_the_same_answer(
    session: Session, parts: AccountParts, passwords: FastPasswords
) -> None:
    account = make_account(session)
    for name, password in [
        (account.login_name, "wrong"),
        (account.login_name, ""),
        (account.login_name, PASSWORD + " "),
        (account.login_name, "x" * 100_000),
        (account.login_name.upper(), PASSWORD),
        ("nobody", PASSWORD),
        ("", ""),
    ]:
        before = passwords.verified
        assert accounts.authenticate(session, login_name=name, password=password, parts=parts) is None
        assert passwords.verified - before == 1
    assert actions(session) == []


def test_a_name_under_attack_is_noted_once_an_hour(session: Session, clock: FixedClock) -> None:
    def note(name: str) -> None:
        accounts.note_lockout(session, login_name=name, clock=clock, address="192.0.2.66")

    for _ in range(5):
        note("bot_001")
    note("bot_002")
    assert actions(session) == ["account.locked", "account.locked"]
    clock.tick(3601)
    note("bot_001")
    assert len(actions(session)) == 3


def test_a_changed_password_opens_and_the_old_one_does_not(session: Session, parts: AccountParts) -> None:
    account = make_account(session)
    accounts.change_password(session, account_id=account.id, old=PASSWORD, new="a better one", parts=parts)
    name = account.login_name
    assert accounts.authenticate(session, login_name=name, password=PASSWORD, parts=parts) is None
    assert accounts.authenticate(session, login_name=name, password="a better one", parts=parts)


def test_a_changed_password_ends_every_session_and_socket(
    session: Session, parts: AccountParts, events: RecordingEvents
) -> None:
    account = make_account(session)
    changed = accounts.change_password(
        session, account_id=account.id, old=PASSWORD, new="a better one", parts=parts
    )
    assert changed.session_epoch == 1
    assert events.disconnected == [account.id]
    assert actions(session) == ["account.password"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("wrong", "a better one", "wrong_password"),
        (PASSWORD, "short", "bad_password"),
        (PASSWORD, PASSWORD, "same_password"),
    ],
)
def test_a_refused_password_change_changes_nothing(
    session: Session, parts: AccountParts, events: RecordingEvents, old: str, new: str, code: str
) -> None:
    account = make_account(session)
    with pytest.raises(AppError) as refusal:
        accounts.change_password(session, account_id=account.id, old=old, new=new, parts=parts)
    assert refusal.value.code == code
    assert reread(session, account).session_epoch == 0
    assert events.disconnected == []


def test_of_two_password_changes_at_once_the_later_is_refused(
    session: Session, engine: Engine, parts: AccountParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account(session)
    real = parts.passwords.hash

    def hash_slowly(password: str) -> str:
        monkeypatch.setattr(parts.passwords, "hash", real)
        with make_sessions(engine)() as other:
            accounts.change_password(
                other, account_id=account.id, old=PASSWORD, new="the quicker one", parts=parts
            )
        return real(password)

    monkeypatch.setattr(parts.passwords, "hash", hash_slowly)
    with pytest.raises(Conflict) as refusal:
        accounts.change_password(
            session, account_id=account.id, old=PASSWORD, new="a better one", parts=parts
        )
    assert refusal.value.code == "password_changed"
    assert parts.passwords.verify("the quicker one", reread(session, account).password_hash)


def test_the_password_of_a_claimed_bot_is_not_changed_along(
    session: Session, parts: AccountParts, secrets: SecretBox
) -> None:
    account = make_account(session)
    make_device(session, secrets=secrets, account=account)
    claimed = make_device(session, secrets=secrets, account=account, product_id="bot_900")
    accounts.change_password(session, account_id=account.id, old=PASSWORD, new="a better one", parts=parts)
    assert parts.passwords.verify(PASSWORD, reread(session, claimed).password_hash)


def test_a_maintainer_is_made_and_logs_in(session: Session, parts: AccountParts) -> None:
    account = accounts.create_maintainer(session, login_name="ann", password=PASSWORD, parts=parts)
    assert account.role is Role.MAINTAINER
    assert accounts.authenticate(session, login_name="ann", password=PASSWORD, parts=parts)
    assert actions(session) == ["account.make_maintainer", "account.log_in"]


def test_a_taken_login_name_makes_no_maintainer(session: Session, parts: AccountParts) -> None:
    owner = make_account(session)
    with pytest.raises(Conflict) as refusal:
        accounts.create_maintainer(session, login_name=owner.login_name, password=PASSWORD, parts=parts)
    assert refusal.value.code == "name_taken"
    assert reread(session, owner).role is Role.OWNER


def test_an_account_is_loaded_or_gone(session: Session) -> None:
    account = make_account(session)
    assert accounts.load(session, account_id=account.id) is account
    assert accounts.load(session, account_id="0" * 32) is None
    assert account.created_at == START
