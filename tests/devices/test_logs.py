"""The ring of lines that a bot's sketch printed."""

import pytest
from sqlalchemy.orm import Session

from app.devices import logs as device_logs
from app.devices.tables import Device
from app.events.names import EventName, account_room
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, NotFound
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from tests.factories import actor_of, make_account, make_device, reread
from tests.fakes import RecordingEvents


def append(services: Runtime, device: Device, call: int, *lines: str, dropped: int = 0) -> None:
    services.device_logs.append(device_id=device.id, counter=f"{call:016x}", lines=lines, dropped=dropped)


def test_only_the_newest_lines_are_kept_and_losses_are_counted(
    session: Session, secrets: SecretBox, services: Runtime
) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    for call in range(5):
        append(services, device, call + 1, *(f"{call}-{line}" for line in range(60)), dropped=call)
    kept = services.device_logs.read(actor_of(account), device.id)
    lines = kept["lines"]
    assert len(lines) == device_logs.KEPT_LINES
    assert (lines[0]["text"], lines[-1]["text"]) == ("1-40", "4-59")
    assert (kept["dropped"], kept["start"]) == (10, 100)


def test_the_owner_hears_of_new_lines_and_where_they_begin(
    session: Session, secrets: SecretBox, services: Runtime, events: RecordingEvents
) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    append(services, device, 1, "one", "two")
    append(services, device, 2, "x" * 300, dropped=4)
    published = events.named(EventName.DEVICE_LOG)[-1]
    assert account_room(account.id) in published.rooms
    assert published.body == {
        "device_id": device.id,
        "start": 2,
        "lines": [{"at": "2026-05-04T12:00:00.000Z", "text": "x" * 256}],
        "dropped": 4,
    }


def test_a_used_counter_keeps_nothing(
    session: Session, secrets: SecretBox, services: Runtime, events: RecordingEvents
) -> None:
    device = make_device(session, secrets=secrets, counter="f" * 16)
    with pytest.raises(Conflict):
        append(services, device, 1, "x")
    assert services.device_logs.read(Actor.cli(), device.id)["lines"] == []
    assert events.events == []


def test_a_call_without_lines_consumes_its_counter_and_sends_no_event(
    session: Session, secrets: SecretBox, services: Runtime, events: RecordingEvents
) -> None:
    device = make_device(session, secrets=secrets)
    append(services, device, 7)
    assert reread(session, device).counter == f"{7:016x}"
    assert events.events == []


def test_another_owners_log_is_not_there(session: Session, secrets: SecretBox, services: Runtime) -> None:
    device = make_device(session, secrets=secrets, account=make_account(session))
    with pytest.raises(NotFound):
        services.device_logs.read(actor_of(make_account(session)), device.id)
