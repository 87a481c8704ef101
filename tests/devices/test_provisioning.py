"""Keys of devices, and the proof that somebody may have a bot."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Registration
from app.devices import provisioning
from app.devices.provisioning import NotProven
from app.devices.rules import DeviceId
from app.kernel.errors import NotFound, Unavailable
from app.kernel.secret_box import SecretBox
from tests.factories import DEVICE_KEY, PASSWORD, make_account, make_device
from tests.fakes import START, FastPasswords


def new_device(secrets: SecretBox, account_id: str | None = None):  # type: ignore[no-untyped-def]
    return provisioning.new_device(
        product_id=DeviceId("bot_001"),
        account_id=account_id,
        password_hash="hash",
        secrets=secrets,
        now=START,
    )


def prove(session: Session, product_id: str, password: str, policy: Registration = Registration.OPEN) -> str:
    return provisioning.prove(
        session,
        product_id=DeviceId(product_id),
        password=password,
        registration=policy,
        passwords=FastPasswords(),
    )


def test_every_device_gets_a_key_of_its_own_sealed_for_it(secrets: SecretBox) -> None:
    first, second = new_device(secrets), new_device(secrets)
    keys = [secrets.open(device.key_sealed, context="device_key:bot_001") for device in (first, second)]
    assert len(keys[0]) == 32
    assert keys[0] != keys[1]


def test_a_device_without_owner_has_an_initial_password(secrets: SecretBox) -> None:
    assert new_device(secrets).initial_password
    assert not new_device(secrets, account_id="a" * 32).initial_password


def test_the_key_is_read_back(session: Session, secrets: SecretBox) -> None:
    device = make_device(session, secrets=secrets)
    assert provisioning.device_key(session, device_id=device.id, secrets=secrets) == DEVICE_KEY


def test_an_unknown_device_has_no_key(session: Session, secrets: SecretBox) -> None:
    with pytest.raises(NotFound):
        provisioning.device_key(session, device_id="bot_404", secrets=secrets)


def test_a_key_that_was_moved_to_another_row_is_not_used(session: Session, secrets: SecretBox) -> None:
    first = make_device(session, secrets=secrets)
    second = make_device(session, secrets=secrets, key_sealed=first.key_sealed)
    with pytest.raises(Unavailable) as refusal:
        provisioning.device_key(session, device_id=second.id, secrets=secrets)
    assert refusal.value.code == "key_unreadable"


def test_an_unknown_id_is_free_under_open_registration_only(session: Session) -> None:
    assert prove(session, "bot_900", "any password") == FastPasswords().hash("any password")
    for policy in (Registration.INVENTORY, Registration.CLOSED):
        with pytest.raises(NotProven):
            prove(session, "bot_900", "any password", policy)


def test_an_entered_id_needs_its_password_under_every_policy(session: Session, secrets: SecretBox) -> None:
    device = make_device(session, secrets=secrets)
    for policy in Registration:
        assert prove(session, device.id, PASSWORD, policy) == device.password_hash
        with pytest.raises(NotProven):
            prove(session, device.id, "wrong password", policy)


def test_an_owned_id_is_refused_even_with_its_password(session: Session, secrets: SecretBox) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner)
    with pytest.raises(NotProven):
        prove(session, device.id, PASSWORD)


def test_a_login_name_is_no_free_product_id(session: Session) -> None:
    make_account(session, login_name="ann")
    with pytest.raises(NotProven):
        prove(session, "ann", "any password")


def test_what_somebody_took_in_between_is_not_taken_again(session: Session, secrets: SecretBox) -> None:
    ann, bob = make_account(session), make_account(session)
    device = make_device(session, secrets=secrets)
    proof = prove(session, device.id, PASSWORD)

    def take(account):  # type: ignore[no-untyped-def]
        return provisioning.take(
            session,
            product_id=DeviceId(device.id),
            account=account,
            password_hash=proof,
            secrets=secrets,
            now=START,
        )

    assert take(ann).account_id == ann.id
    with pytest.raises(NotProven):
        take(bob)
    assert device.account_id == ann.id


def test_an_id_that_a_maintainer_entered_in_between_needs_its_own_password(
    session: Session, secrets: SecretBox
) -> None:
    proof = prove(session, "bot_900", "any password")
    device = make_device(session, secrets=secrets, product_id="bot_900")
    with pytest.raises(NotProven):
        provisioning.take(
            session,
            product_id=DeviceId("bot_900"),
            account=make_account(session),
            password_hash=proof,
            secrets=secrets,
            now=START,
        )
    assert device.account_id is None


def test_an_id_is_known_as_bot_or_as_login_name(session: Session, secrets: SecretBox) -> None:
    make_account(session, login_name="ann")
    device = make_device(session, secrets=secrets)
    assert provisioning.is_known(session, product_id="ann")
    assert provisioning.is_known(session, product_id=device.id)
    assert not provisioning.is_known(session, product_id="bot_900")
