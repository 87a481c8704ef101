"""New devices: their keys, and which ids are free for them."""

import pytest
from sqlalchemy.orm import Session

from app.devices import provisioning
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.kernel.actor import AccountId
from app.kernel.errors import Unavailable
from app.kernel.secret_box import SecretBox
from tests.factories import DEVICE_KEY, make_account, make_device
from tests.fakes import START


def new_device(secrets: SecretBox, account_id: AccountId | None = None) -> Device:
    return provisioning.new_device(
        product_id=DeviceId("bot_001"),
        account_id=account_id,
        secrets=secrets,
        now=START,
    )


def test_every_device_gets_a_key_of_its_own_sealed_for_it(secrets: SecretBox) -> None:
    first, second = new_device(secrets), new_device(secrets)
    keys = [secrets.open(device.key_sealed, context="device_key:bot_001") for device in (first, second)]
    assert len(keys[0]) == 32
    assert keys[0] != keys[1]


def test_a_device_without_owner_has_an_initial_password(secrets: SecretBox) -> None:
    assert new_device(secrets).initial_password
    assert not new_device(secrets, account_id=AccountId("a" * 32)).initial_password


def test_the_key_is_read_back(session: Session, secrets: SecretBox) -> None:
    device = make_device(session, secrets=secrets)
    assert provisioning.open_key(device.key_sealed, device_id=device.id, secrets=secrets) == DEVICE_KEY


def test_a_key_that_was_moved_to_another_row_is_not_used(session: Session, secrets: SecretBox) -> None:
    first, second = make_device(session, secrets=secrets), make_device(session, secrets=secrets)
    with pytest.raises(Unavailable) as refusal:
        provisioning.open_key(first.key_sealed, device_id=second.id, secrets=secrets)
    assert refusal.value.code == "key_unreadable"


def test_an_id_is_taken_by_a_bot_or_by_a_login_name(session: Session, secrets: SecretBox) -> None:
    make_account(session, login_name="ann")
    device = make_device(session, secrets=secrets)
    assert provisioning.is_taken(session, "ann")
    assert provisioning.is_taken(session, device.id)
    assert not provisioning.is_taken(session, "bot_900")
    assert provisioning.taken_ids(session, ["ann", device.id, "bot_900"]) == {"ann", device.id}
