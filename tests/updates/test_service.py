"""Updates as their owners command them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.builds.artifact_store import DiskArtifactStore
from app.builds.tables import Build
from app.devices.rules import Admission
from app.devices.tables import Device
from app.events.names import MAINTAINERS_ROOM, EventName, account_room
from app.kernel.database import make_sessions
from app.kernel.errors import Conflict, Forbidden, IllegalTransition, NotFound
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.updates.rules import OPEN_STATES, InferredError, UpdateEvent, UpdateState
from app.updates.service import Sent, Updates
from app.updates.tables import Update
from app.updates.transitions import transition
from tests.factories import actor_of, make_account, make_device, make_update, reread
from tests.fakes import FixedClock, RecordingEvents
from tests.firmware import built, virtual_image


@dataclass
class World:
    """One owner with one bot and one build."""

    session: Session
    parts: dict[str, Any]
    account: Account
    device: Device
    build: Build

    def updates(self, session: Session | None = None) -> Updates:
        return Updates(sessions=lambda: session or self.session, **self.parts)

    def send(self, session: Session | None = None, *, account: Account | None = None, **changes: str) -> Sent:
        values = {"device_id": self.device.id, "build_id": self.build.id, **changes}
        return self.updates(session).send(actor_of(account or self.account), **values)

    def cancel(self, update_id: str, account: Account | None = None) -> Update:
        row, _ = self.updates().cancel(actor_of(account or self.account), update_id)
        return row


@pytest.fixture
def world(
    session: Session,
    artifacts: DiskArtifactStore,
    events: RecordingEvents,
    clock: FixedClock,
    secrets: SecretBox,
) -> World:
    account = make_account(session)
    return World(
        session=session,
        parts={"artifacts": artifacts, "events": events, "clock": clock},
        account=account,
        device=make_device(session, secrets=secrets, account=account),
        build=built(session, artifacts, account),
    )


def open_updates(session: Session) -> int:
    return session.scalar(select(func.count()).where(Update.state.in_(OPEN_STATES))) or 0


def test_sending_arms_an_update_and_tells_it(world: World, events: RecordingEvents) -> None:
    sent = world.send()
    assert sent.update.state is UpdateState.ARMED
    assert sent.already_running is False
    device = reread(world.session, world.device)
    assert (device.sent_release_id, device.revision) == (sent.release.id, 2)
    event = events.named(EventName.UPDATE_CHANGED)[-1]
    assert set(event.rooms) == {account_room(world.account.id), MAINTAINERS_ROOM}
    assert event.body["state"] == "armed"
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["update_status"] == "pending"
    entry = world.session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == (world.account.id, "update.send", world.device.id)


def test_sending_again_supersedes_the_open_update(
    world: World, events: RecordingEvents, clock: FixedClock
) -> None:
    first = world.send().update
    clock.tick()
    second = world.send().update
    assert reread(world.session, first).state is UpdateState.SUPERSEDED
    assert first.ended_at == clock.now()
    sent = [(body["id"], body["state"]) for body in events.bodies(EventName.UPDATE_CHANGED)[-2:]]
    assert sorted(sent) == sorted([(first.id, "superseded"), (second.id, "armed")])
    assert open_updates(world.session) == 1


def test_sending_what_the_bot_runs_already_says_so(world: World) -> None:
    world.device.image_digest = world.build.image_digest
    world.session.commit()
    assert world.send().already_running is True


def test_another_owners_bot_or_build_is_not_there(
    world: World, artifacts: DiskArtifactStore, secrets: SecretBox
) -> None:
    other = make_account(world.session)
    theirs = make_device(world.session, secrets=secrets, account=other)
    their_build = built(world.session, artifacts, other, virtual_image("2"))
    sends: tuple[Callable[[], object], ...] = (
        lambda: world.send(device_id=theirs.id),
        lambda: world.send(build_id=their_build.id),
        lambda: world.send(account=other),
    )
    for send in sends:
        with pytest.raises(NotFound):
            send()
    sent = world.send()
    for call in (
        lambda: world.cancel(sent.update.id, other),
        lambda: world.updates().list_updates(actor_of(other), world.device.id),
    ):
        with pytest.raises(NotFound):
            call()
    assert reread(world.session, sent.update).state is UpdateState.ARMED


def test_a_bot_that_is_not_accepted_gets_nothing(world: World) -> None:
    world.device.admission = Admission.REJECTED
    world.session.commit()
    with pytest.raises(Forbidden):
        world.send()


def test_a_missing_image_is_said_before_anything_is_armed(world: World, artifacts: DiskArtifactStore) -> None:
    artifacts.remove(world.build.id)
    with pytest.raises(NotFound):
        world.send()
    assert open_updates(world.session) == 0


def test_an_armed_update_can_be_cancelled(world: World, events: RecordingEvents) -> None:
    sent = world.send()
    row = world.cancel(sent.update.id)
    assert row.state is UpdateState.CANCELLED
    assert events.bodies(EventName.UPDATE_CHANGED)[-1]["state"] == "cancelled"
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["update_status"] == "unknown"
    with pytest.raises(IllegalTransition):
        world.cancel(sent.update.id)
    actions = world.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["update.send", "update.cancel"]


def test_a_download_under_way_is_not_cancelled(world: World) -> None:
    release = world.send().release
    world.cancel(world.session.scalars(select(Update.id)).one())
    running = make_update(world.session, device=world.device, release=release, state=UpdateState.DOWNLOADING)
    with pytest.raises(Conflict):
        world.cancel(running.id)


def test_the_newest_updates_come_first(world: World, clock: FixedClock) -> None:
    first = world.send().update
    clock.tick()
    second = world.send().update
    rows = world.updates().list_updates(actor_of(world.account), world.device.id)
    assert [row.id for row, _ in rows] == [second.id, first.id]


def test_two_open_updates_are_refused_by_the_table(world: World) -> None:
    sent = world.send()
    with pytest.raises(IntegrityError):
        make_update(world.session, device=world.device, release=sent.release)
    world.session.rollback()


def test_many_senders_at_once_leave_one_open_update(world: World, engine: Engine) -> None:
    senders = 8
    start = Barrier(senders)

    def send(_: int) -> str:
        with make_sessions(engine)() as session:
            start.wait()
            return world.send(session).update.id

    with ThreadPoolExecutor(senders) as pool:
        ids = list(pool.map(send, range(senders)))
    world.session.rollback()
    assert len(set(ids)) == senders
    assert open_updates(world.session) == 1


def test_of_two_transitions_at_once_one_wins(world: World, engine: Engine) -> None:
    sent = world.send()
    start = Barrier(2)

    def end(event: UpdateEvent) -> bool:
        with make_sessions(engine)() as session:
            start.wait()
            with writing(session):
                moved = transition(session, sent.update.id, event, now=world.parts["clock"].now())
                return moved is not None

    with ThreadPoolExecutor(2) as pool:
        moved = list(pool.map(end, (UpdateEvent.CANCEL, UpdateEvent.CONFIRM)))
    assert sorted(moved) == [False, True]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (UpdateState.OFFERED, InferredError.NEVER_FETCHED),
        (UpdateState.DOWNLOADING, InferredError.SILENT_DOWNLOADING),
        (UpdateState.RESTARTING, InferredError.SILENT_RESTARTING),
    ],
)
def test_a_silent_bot_times_out_with_a_code(
    world: World, clock: FixedClock, events: RecordingEvents, state: UpdateState, code: InferredError
) -> None:
    sent = world.send()
    deadline = {"state": state, "deadline_at": clock.now()}
    world.session.execute(update(Update).where(Update.id == sent.update.id).values(**deadline))
    world.session.commit()
    assert world.updates().expire() == 0
    clock.tick()
    assert world.updates().expire() == 1
    row = reread(world.session, sent.update)
    assert row.state is UpdateState.TIMED_OUT
    assert row.error_code == code
    assert events.bodies(EventName.UPDATE_CHANGED)[-1]["state"] == "timed_out"
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["update_status"] == "error"
    assert world.updates().expire() == 0


def test_an_armed_update_waits_for_ever(world: World, clock: FixedClock, events: RecordingEvents) -> None:
    world.send()
    clock.tick(365 * 86_400)
    assert world.updates().expire() == 0
