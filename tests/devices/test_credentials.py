"""Credentials of devices: what opens a call, and counters that serve once."""

import pytest
from sqlalchemy.orm import Session

from app.devices import credentials
from app.devices.rules import Admission
from app.kernel.errors import Conflict, Unavailable
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from tests.factories import DEVICE_KEY, make_account, make_device


def test_credentials_open_the_key(session: Session, secrets: SecretBox) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account, admission=Admission.REJECTED)
    known = credentials.load(session, device_id=device.id, secrets=secrets)
    assert known is not None
    assert (known.key, known.owner_id, known.admission) == (DEVICE_KEY, account.id, Admission.REJECTED)
    assert known.signs is False
    assert credentials.load(session, device_id="nobody", secrets=secrets) is None


def test_an_exchanged_encryption_key_is_said_in_words(session: Session, secrets: SecretBox) -> None:
    device = make_device(session, secrets=secrets)
    with pytest.raises(Unavailable, match="AIRSKETCH_ENCRYPTION_KEY"):
        credentials.load(session, device_id=device.id, secrets=SecretBox(bytes(32)))


def test_a_counter_serves_once_and_only_upwards(session: Session, secrets: SecretBox) -> None:
    device = make_device(session, secrets=secrets)

    def claim(counter: int) -> None:
        with writing(session):
            credentials.claim_counter(session, device_id=device.id, counter=f"{counter:016x}")

    claim(2)
    for used in (2, 1):
        with pytest.raises(Conflict) as caught:
            claim(used)
        assert caught.value.code == "replayed"
    claim(2**63)
    claim(2**64 - 1)
