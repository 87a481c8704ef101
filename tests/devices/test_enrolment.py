"""Many bots at once into the inventory: all, or none."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry
from app.devices import enrolment
from app.devices.enrolment import MAX_AT_ONCE
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from tests.factories import key_of, make_account, make_device
from tests.fakes import FastPasswords


def count(session: Session, table: type[Device] | type[AuditEntry]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def ids(*names: str) -> list[DeviceId]:
    return [DeviceId(name) for name in names]


def test_entered_bots_wait_for_their_owners_with_passwords_and_keys_of_their_own(
    session: Session, services: Runtime, secrets: SecretBox
) -> None:
    entered = services.enrolment.enrol(Actor.cli(), ids("bot_001", "bot_002"))
    assert len({one.initial_password for one in entered}) == 2
    keys = {key_of(session, one.product_id, secrets=secrets) for one in entered}
    assert len(keys) == 2
    for one in entered:
        device = session.get_one(Device, one.product_id)
        assert (device.account_id, device.initial_password) == (None, True)
        account = services.claims.register(
            Actor.stranger(""), product_id=one.product_id, password=one.initial_password
        )
        assert account.must_change_password
    noted = select(AuditEntry.subject).where(AuditEntry.action == "device.enrol").order_by(AuditEntry.id)
    assert session.scalars(noted).all() == ["bot_001", "bot_002"]


def test_one_known_id_and_nothing_is_entered(session: Session, services: Runtime, secrets: SecretBox) -> None:
    make_device(session, secrets=secrets, product_id="bot_002")
    with pytest.raises(Conflict, match="“bot_002” is taken") as refusal:
        services.enrolment.enrol(Actor.cli(), ids("bot_001", "bot_002", "bot_003"))
    assert refusal.value.code == "id_taken"
    assert (count(session, Device), count(session, AuditEntry)) == (1, 0)


def test_several_known_ids_are_named(session: Session, services: Runtime, secrets: SecretBox) -> None:
    make_account(session, login_name="bot_001")
    make_device(session, secrets=secrets, product_id="bot_002")
    with pytest.raises(Conflict, match="bot_001, bot_002"):
        services.enrolment.enrol(Actor.cli(), ids("bot_001", "bot_002"))


def test_the_next_numbers_are_the_free_ones(session: Session, services: Runtime, secrets: SecretBox) -> None:
    make_account(session, login_name="bot_001")
    make_device(session, secrets=secrets, product_id="bot_003")
    assert services.enrolment.free_ids(prefix="bot_", count=3) == ["bot_002", "bot_004", "bot_005"]
    assert services.enrolment.free_ids(prefix="lab-", count=1) == ["lab-001"]
    assert services.enrolment.free_ids(prefix="x", count=1000)[-1] == "x1000"


@pytest.mark.parametrize(
    ("prefix", "number"), [("a b", 1), ("_", 1), ("b" * 30, 1), ("bot_", MAX_AT_ONCE + 1)]
)
def test_numbers_that_make_no_ids_are_refused(services: Runtime, prefix: str, number: int) -> None:
    with pytest.raises(Invalid):
        services.enrolment.free_ids(prefix=prefix, count=number)


@pytest.mark.parametrize(
    "text",
    [
        "bot_1\nbot_2\n",
        "product_id\nbot_1\nbot_2",
        "\nbot_1,x\r\n\r\n bot_2 ,y\r\n",
        'product_id,room\n"bot_1","a, b"\nbot_2,\n',
        "room,product_id\nA,bot_1\nB,bot_2\n",
    ],
)
def test_ids_are_read_from_a_list_or_a_column(text: str) -> None:
    assert enrolment.read_ids(text) == ["bot_1", "bot_2"]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "product_id\n", "b\n", "bot_1\nbot_1\n", "room,product_id\nA\n", "=cmd()\n"]
)
def test_a_list_that_is_wrong_somewhere_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        enrolment.read_ids(text)


def test_a_csv_tells_ids_and_passwords(services: Runtime) -> None:
    entered = services.enrolment.enrol(Actor.cli(), ids("bot_001", "bot_002"))
    rows = list(csv.DictReader(io.StringIO(enrolment.as_csv(entered))))
    assert rows == [
        {"product_id": one.product_id, "initial_password": one.initial_password} for one in entered
    ]


def test_an_id_that_somebody_took_at_this_moment_is_refused(
    session: Session, services: Runtime, secrets: SecretBox
) -> None:
    class TakesMeanwhile(FastPasswords):
        def hash(self, password: str) -> str:
            if session.get(Device, "bot_001") is None:
                make_device(session, secrets=secrets, product_id="bot_001")
            return super().hash(password)

    with pytest.raises(Conflict, match="“bot_001” is taken"):
        replace(services, passwords=TakesMeanwhile()).enrolment.enrol(Actor.cli(), ids("bot_000", "bot_001"))
    session.rollback()
    assert session.scalars(select(Device.id)).all() == ["bot_001"]
