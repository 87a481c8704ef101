"""Transitions: the one way in which an update moves, and its device's update status with it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.devices.rules import UpdateStatus
from app.devices.tables import Device
from app.events.names import EventName
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.updates.rules import END_STATES, OPEN_STATES, InferredError, UpdateEvent, UpdateState
from app.updates.tables import Release
from app.updates.transitions import arm, publish, store_progress, transition
from tests.factories import make_account, make_build, make_device, make_release, make_update, reread
from tests.fakes import START, RecordingEvents


@pytest.fixture
def device(session: Session, secrets: SecretBox) -> Device:
    return make_device(session, secrets=secrets, account=make_account(session))


@pytest.fixture
def release(session: Session) -> Release:
    return make_release(session, build=make_build(session, account=make_account(session)))


def test_arming_makes_a_device_pending(session: Session, device: Device, release: Release) -> None:
    with writing(session):
        row, armed = arm(session, device, release, now=START)
    assert (armed.update_id, armed.device_id, armed.moves_device) == (row.id, device.id, True)
    stored = reread(session, device)
    assert (stored.update_status, stored.revision) == (UpdateStatus.PENDING, 2)


def test_each_move_is_logged_and_progress_is_not(
    session: Session, device: Device, release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="app.updates.transitions")
    with writing(session):
        row, armed = arm(session, device, release, now=START)
        moved = transition(session, row.id, UpdateEvent.DOWNLOAD, now=START)
        progress = store_progress(session, row.id, 100, now=START)
    assert moved is not None
    assert progress is not None
    publish(session, [armed, moved, progress], events=RecordingEvents())
    facts = [record.__dict__ for record in caplog.records]
    lines = [(line["msg"], line["update_id"], line["state"]) for line in facts]
    assert lines == [
        ("update_moved", row.id, UpdateState.ARMED),
        ("update_moved", row.id, UpdateState.DOWNLOADING),
    ]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (UpdateEvent.DOWNLOAD, UpdateStatus.PENDING),
        (UpdateEvent.CONFIRM, UpdateStatus.IN_SYNC),
        (UpdateEvent.FAIL, UpdateStatus.ERROR),
        (UpdateEvent.ROLL_BACK, UpdateStatus.ERROR),
        (UpdateEvent.TIME_OUT, UpdateStatus.ERROR),
        (UpdateEvent.REFUSE, UpdateStatus.ERROR),
        (UpdateEvent.CANCEL, UpdateStatus.UNKNOWN),
        (UpdateEvent.SUPERSEDE, UpdateStatus.UNKNOWN),
    ],
)
def test_a_device_has_the_status_of_its_update(
    session: Session, device: Device, release: Release, event: UpdateEvent, status: UpdateStatus
) -> None:
    row = make_update(session, device=device, release=release, state=UpdateState.OFFERED)
    before = device.revision
    with writing(session):
        moved = transition(session, row.id, event, now=START)
    assert moved is not None
    ended = reread(session, row).state in END_STATES
    assert moved.moves_device is ended
    stored = reread(session, device)
    assert (stored.update_status, stored.revision - before) == (status, int(ended))


def test_a_withdrawn_update_leaves_the_status_of_the_one_before(
    session: Session, device: Device, release: Release
) -> None:
    make_update(session, device=device, release=release, state=UpdateState.CONFIRMED)
    later = {"created_at": START + timedelta(minutes=1)}
    row = make_update(session, device=device, release=release, state=UpdateState.ARMED, **later)
    with writing(session):
        transition(session, row.id, UpdateEvent.CANCEL, now=START)
    assert reread(session, device).update_status is UpdateStatus.IN_SYNC


def test_an_illegal_event_changes_nothing(session: Session, device: Device, release: Release) -> None:
    row = make_update(session, device=device, release=release, state=UpdateState.CONFIRMED)
    with writing(session):
        assert transition(session, row.id, UpdateEvent.TIME_OUT, now=START) is None
    assert reread(session, row).state is UpdateState.CONFIRMED
    assert reread(session, device).update_status is UpdateStatus.IN_SYNC


def test_a_failure_keeps_its_code_and_the_detail_of_the_bot(
    session: Session, device: Device, release: Release
) -> None:
    row = make_update(session, device=device, release=release, state=UpdateState.RESTARTING)
    with writing(session):
        transition(
            session,
            row.id,
            UpdateEvent.ROLL_BACK,
            now=START,
            error=InferredError.ROLLED_BACK,
            detail="panic",
        )
    row = reread(session, row)
    assert (row.error_code, row.error_detail, row.ended_at) == ("rolled_back", "panic", START)


@pytest.mark.parametrize("state", sorted(OPEN_STATES - {UpdateState.DOWNLOADING}))
def test_progress_belongs_to_a_download(
    session: Session, device: Device, release: Release, state: UpdateState
) -> None:
    row = make_update(session, device=device, release=release, state=state)
    with writing(session):
        assert store_progress(session, row.id, 10, now=START) is None
    assert reread(session, row).bytes_done == 0


def test_devices_are_told_only_when_their_status_changed(
    session: Session, device: Device, release: Release, events: RecordingEvents
) -> None:
    row = make_update(session, device=device, release=release, state=UpdateState.OFFERED)
    with writing(session):
        started = transition(session, row.id, UpdateEvent.DOWNLOAD, now=START)
    assert started is not None
    publish(session, [started], events=events)
    assert [event.name for event in events.events] == [EventName.UPDATE_CHANGED]
    with writing(session):
        ended = transition(session, row.id, UpdateEvent.FAIL, now=START)
    assert ended is not None
    publish(session, [ended], events=events)
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["update_status"] == "error"
