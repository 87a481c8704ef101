"""Check-ins: what is stored, what is offered, what is published, and how little it costs."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.devices.rules import Boot, CheckInReport, NetworkError, Trigger, WifiSettings
from app.devices.service import Devices
from app.devices.tables import Device
from app.events.names import EventName
from app.kernel.database import SINGLE_STATEMENTS
from app.kernel.errors import Conflict
from app.kernel.secret_box import SecretBox
from app.toolchain.rules import VIRTUAL_FQBN
from app.updates.check_in import statements
from app.updates.check_in.response import CheckInResponse
from app.updates.check_in.service import CheckIns
from app.updates.rules import InferredError, UpdateError, UpdateState
from app.updates.tables import Release, Update
from tests.factories import (
    actor_of,
    make_account,
    make_board,
    make_build,
    make_device,
    make_release,
    make_update,
    reread,
)
from tests.fakes import FixedClock, RecordingEvents
from tests.firmware import built

OLD = "0" * 64
REPORT = CheckInReport(
    board=VIRTUAL_FQBN,
    image_digest=OLD,
    version="1",
    slot="ota_0",
    boot=Boot.NORMAL,
    reset_reason="power on",
    uptime_s=7,
    free_heap_bytes=1000,
    rssi_dbm=-60,
    trigger=Trigger.BUTTON,
    network_revision=0,
    network_failed_revision=0,
    network_error=None,
    wants_rollback=False,
    log=None,
)


@dataclass
class World:
    """A bot, a release for it, and the counter of its calls."""

    engine: Engine
    session: Session
    parts: dict[str, Any]
    account: Account
    device: Device
    release: Release
    artifacts: DiskArtifactStore
    counter: int = 0

    def check_in(self, **changes: object) -> CheckInResponse:
        self.counter += 1
        check_ins = CheckIns(sessions=lambda: self.session, **self.parts)
        with self.engine.execution_options(**SINGLE_STATEMENTS).connect() as connection:
            row = statements.load(connection, device_id=self.device.id)
            assert row is not None
            report = replace(REPORT, **changes)  # type: ignore[arg-type]
            return check_ins.check_in(connection, row, report, counter=f"{self.counter:016x}")

    def update(self, state: UpdateState = UpdateState.ARMED, **values: object) -> Update:
        return make_update(self.session, device=self.device, release=self.release, state=state, **values)

    def good_update(self) -> Release:
        """A confirmed update to an image that is on the disk."""
        release = make_release(self.session, build=built(self.session, self.artifacts, self.account))
        make_update(self.session, device=self.device, release=release, state=UpdateState.CONFIRMED)
        return release


@pytest.fixture
def world(
    engine: Engine,
    session: Session,
    artifacts: DiskArtifactStore,
    secrets: SecretBox,
    events: RecordingEvents,
    clock: FixedClock,
) -> World:
    account = make_account(session)
    make_board(session)
    return World(
        engine=engine,
        session=session,
        parts={
            "artifacts": artifacts,
            "secrets": secrets,
            "events": events,
            "batched_events": events,
            "clock": clock,
        },
        account=account,
        device=make_device(session, secrets=secrets, account=account),
        release=make_release(session, build=make_build(session, account=account)),
        artifacts=artifacts,
    )


def test_what_a_bot_reports_is_stored(world: World, clock: FixedClock) -> None:
    response = world.check_in()
    device = reread(world.session, world.device)
    assert (device.board, device.chip, device.version) == (VIRTUAL_FQBN, "virtual", "1")
    assert (device.uptime_s, device.free_heap_bytes, device.rssi_dbm) == (7, 1000, -60)
    assert (device.boot, device.last_seen_at) == (Boot.NORMAL, clock.now())
    assert (response.poll_after_s, response.offer, response.network) == (60, None, None)


def test_a_board_this_server_does_not_know_has_no_chip(world: World) -> None:
    world.check_in(board="acme:z80:one:speed=1")
    assert reread(world.session, world.device).chip == ""


def test_options_of_a_board_do_not_hide_its_chip(world: World) -> None:
    world.check_in(board=f"{VIRTUAL_FQBN}:log=full")
    assert reread(world.session, world.device).chip == "virtual"


def test_a_counter_that_was_used_stores_nothing(world: World, events: RecordingEvents) -> None:
    world.check_in()
    world.update()
    events.clear()
    world.counter -= 1
    with pytest.raises(Conflict) as caught:
        world.check_in(version="forged")
    assert caught.value.code == "replayed"
    assert reread(world.session, world.device).version == "1"
    assert events.events == []


def test_an_armed_update_is_offered_with_all_a_bot_needs(world: World, events: RecordingEvents) -> None:
    row = world.update()
    offer = world.check_in().offer
    assert offer is not None
    assert (offer.update_id, offer.sha256) == (row.id, world.release.sha256)
    assert (offer.size_bytes, offer.version) == (world.release.size_bytes, world.release.version)
    row = reread(world.session, row)
    assert (row.state, row.trigger) == (UpdateState.OFFERED, Trigger.BUTTON)
    assert row.deadline_at is not None
    assert row.offered_at is not None
    assert events.bodies(EventName.UPDATE_CHANGED)[-1]["state"] == "offered"


def test_the_new_digest_confirms(world: World, events: RecordingEvents) -> None:
    row = world.update(UpdateState.RESTARTING, trigger=Trigger.BUTTON)
    response = world.check_in(image_digest=world.release.image_digest, trigger=Trigger.BOOT)
    assert response.offer is None
    row = reread(world.session, row)
    assert (row.state, row.trigger, row.deadline_at) == (UpdateState.CONFIRMED, Trigger.BUTTON, None)
    assert row.bytes_done == world.release.size_bytes
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["update_status"] == "in_sync"


def test_the_old_digest_after_the_restart_is_a_rollback_and_not_offered_again(world: World) -> None:
    row = world.update(UpdateState.RESTARTING)
    for _ in range(2):
        assert world.check_in(boot=Boot.ROLLED_BACK, trigger=Trigger.BOOT).offer is None
    row = reread(world.session, row)
    assert row.state is UpdateState.ROLLED_BACK
    assert (row.error_code, row.error_detail) == (InferredError.ROLLED_BACK, "power on")
    world.update()
    assert world.check_in(boot=Boot.ROLLED_BACK).offer is not None, "a person asked again"


def test_an_image_for_another_chip_is_refused_with_a_code(world: World) -> None:
    make_board(world.session, fqbn="esp32:esp32:esp32c3", chip="esp32c3")
    row = world.update()
    assert world.check_in(board="esp32:esp32:esp32c3").offer is None
    row = reread(world.session, row)
    assert row.state is UpdateState.INCOMPATIBLE
    assert (row.error_code, row.error_detail) == (UpdateError.WRONG_BOARD, "esp32:esp32:esp32c3")


def set_network(world: World) -> WifiSettings:
    wifi = WifiSettings(ssid="home", password="sesame open")
    devices = Devices(
        sessions=lambda: world.session,
        secrets=world.parts["secrets"],
        events=world.parts["events"],
        clock=world.parts["clock"],
    )
    devices.set_network(actor_of(world.account), world.device.id, wifi)
    return wifi


def test_a_new_network_is_ordered_until_the_bot_uses_it(world: World) -> None:
    wifi = set_network(world)
    network = world.check_in().network
    assert network is not None
    assert (network.revision, network.wifi) == (1, wifi)
    assert world.check_in(network_revision=1).network is None
    assert reread(world.session, world.device).network_revision_used == 1


def test_a_network_that_failed_is_told_and_not_ordered_while_the_bot_remembers(
    world: World, events: RecordingEvents
) -> None:
    set_network(world)
    world.check_in()
    failed = {"network_failed_revision": 1, "network_error": NetworkError.WRONG_PASSWORD}
    for _ in range(2):
        assert world.check_in(**failed).network is None
    assert len(events.named(EventName.DEVICE_CHANGED)) == 3, "saved, first call, error"
    event = events.bodies(EventName.DEVICE_CHANGED)[-1]
    assert (event["network_failed_revision"], event["network_error"]) == (1, "wrong_password")
    set_network(world)
    newer = world.check_in(**failed).network
    assert newer is not None
    assert newer.revision == 2


def test_a_restarted_bot_tries_a_failed_network_once_more_and_the_page_goes_on_telling(world: World) -> None:
    set_network(world)
    world.check_in(network_failed_revision=1, network_error=NetworkError.NO_ADDRESS)
    assert world.check_in(trigger=Trigger.BOOT).network is not None
    device = reread(world.session, world.device)
    assert (device.network_failed_revision, device.network_error) == (1, NetworkError.NO_ADDRESS)
    world.check_in(network_revision=1)
    device = reread(world.session, world.device)
    assert (device.network_failed_revision, device.network_error) == (0, None)


@pytest.mark.parametrize(
    ("wanted", "reports", "ordered"),
    [
        (None, True, None),
        (None, None, None),
        (True, True, None),
        (True, False, True),
        (True, None, True),
        (False, True, False),
    ],
)
def test_a_bot_is_told_to_send_its_log_until_it_does_as_its_owner_wants(
    world: World, wanted: bool | None, reports: bool | None, ordered: bool | None
) -> None:
    world.device.wants_log = wanted
    world.session.commit()
    assert world.check_in(log=reports).log is ordered
    assert reread(world.session, world.device).sends_log is reports


def test_the_previous_firmware_is_offered_and_told_when_asked_for(
    world: World, events: RecordingEvents
) -> None:
    good = world.good_update()
    events.clear()
    offer = world.check_in(wants_rollback=True).offer
    assert offer is not None
    assert offer.sha256 == good.sha256
    bodies = events.bodies(EventName.UPDATE_CHANGED)
    assert [(body["id"], body["state"], body["rollback_requested"], body["trigger"]) for body in bodies] == [
        (offer.update_id, "offered", True, "button")
    ]
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["update_status"] == "pending"
    again = world.check_in(wants_rollback=True).offer
    assert again == offer, "an answer that was lost is given again"


def test_an_open_update_comes_before_the_previous_firmware(world: World) -> None:
    world.good_update()
    row = world.update()
    offer = world.check_in(wants_rollback=True).offer
    assert offer is not None
    assert offer.update_id == row.id


def test_the_previous_firmware_follows_an_update_that_ends_in_the_same_call(world: World) -> None:
    good = world.good_update()
    row = world.update(UpdateState.RESTARTING)
    offer = world.check_in(wants_rollback=True, image_digest=world.release.image_digest).offer
    assert reread(world.session, row).state is UpdateState.CONFIRMED
    assert offer is not None
    assert offer.sha256 == good.sha256


def test_previous_firmware_is_offered_only_when_asked_for(world: World) -> None:
    world.good_update()
    assert world.check_in().offer is None


def test_pages_are_told_of_quiet_check_ins_once_in_five_seconds(
    world: World, clock: FixedClock, events: RecordingEvents
) -> None:
    world.check_in()
    first = events.bodies(EventName.DEVICE_CHANGED)[-1]
    for _ in range(4):
        clock.tick()
        world.check_in(uptime_s=8)
    assert len(events.named(EventName.DEVICE_CHANGED)) == 1
    clock.tick()
    world.check_in()
    second = events.bodies(EventName.DEVICE_CHANGED)[-1]
    assert second["revision"] == int(str(first["revision"])) + 1


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2"},
        {"slot": "ota_1"},
        {"network_revision": 3},
        {"network_failed_revision": 3},
        {"image_digest": "1" * 64},
        {"log": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_pages_are_told_at_once_of_what_rarely_changes(
    world: World, events: RecordingEvents, change: dict[str, object]
) -> None:
    world.check_in()
    world.check_in(**change)
    assert len(events.named(EventName.DEVICE_CHANGED)) == 2


def test_only_events_that_move_nothing_may_come_later(world: World, events: RecordingEvents) -> None:
    quiet = RecordingEvents()
    world.parts["batched_events"] = quiet
    world.check_in()
    assert (len(quiet.events), events.events) == (1, [])
    world.update()
    world.check_in(version="2")
    assert len(quiet.events) == 1
    assert {event.name for event in events.events} == {EventName.UPDATE_CHANGED, EventName.DEVICE_CHANGED}


def test_a_quiet_check_in_is_two_statements_without_a_transaction(world: World, engine: Engine) -> None:
    world.check_in()
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2].split()[0]))
    world.check_in()
    assert seen == ["SELECT", "UPDATE"]


def test_a_check_in_is_one_write_transaction_without_a_scan(world: World, engine: Engine) -> None:
    world.update()
    world.check_in()
    seen: list[tuple[str, Any]] = []

    def record(_connection: object, _cursor: object, statement: str, given: object, *_rest: object) -> None:
        seen.append((statement, given))

    event.listen(engine, "before_cursor_execute", record)
    world.parts["clock"].tick(30)
    world.check_in()
    event.remove(engine, "before_cursor_execute", record)
    writes = [statement for statement, _ in seen if statement.startswith("UPDATE")]
    begins = [statement for statement, _ in seen if statement.startswith("BEGIN IMMEDIATE")]
    assert len(begins) == 1
    assert len(writes) == 2, "the device and its update"
    steps: list[str] = []
    with engine.connect() as connection:
        for statement, given in seen:
            if statement.startswith(("SELECT", "UPDATE")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
                steps += [step.detail for step in plan]
    assert not any(step.startswith("SCAN") for step in steps), steps
    assert any("uq_update_open_device_id" in step for step in steps), steps
