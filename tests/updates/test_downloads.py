"""Downloads and reports: forward only, idempotent, closed when ended."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.devices.tables import Device
from app.events.names import EventName
from app.kernel.errors import Conflict, NotFound
from app.kernel.secret_box import SecretBox
from app.updates.downloads import Downloads, Report
from app.updates.rules import MAX_WHOLE_DOWNLOADS, ReportState, UpdateState
from app.updates.tables import Release, Update
from tests.factories import make_account, make_build, make_device, make_release, make_update, reread
from tests.fakes import FixedClock, RecordingEvents

SIZE = 1000


@dataclass
class World:
    """A bot with an offered update."""

    session: Session
    downloads: Downloads
    account: Account
    device: Device
    release: Release
    row: Update
    counter: int = 0

    def next_counter(self) -> str:
        self.counter += 1
        return f"{self.counter:016x}"

    def report(self, state: str, done: int = 0, error: str = "", device_id: str = "") -> UpdateState:
        report = Report(state=ReportState(state), bytes_done=done, error=error)
        return self.downloads.report(
            device_id or self.device.id, self.row.id, report, counter=self.next_counter()
        )

    def running(self, digest: str) -> None:
        self.downloads.running(self.device.id, digest)

    def now(self) -> Update:
        return reread(self.session, self.row)


@pytest.fixture
def world(session: Session, secrets: SecretBox, events: RecordingEvents, clock: FixedClock) -> World:
    account = make_account(session)
    release = make_release(session, build=make_build(session, account=account, image_bytes=SIZE))
    device = make_device(session, secrets=secrets, account=account, sent_release_id=release.id)
    return World(
        session=session,
        downloads=Downloads(sessions=lambda: session, events=events, clock=clock),
        account=account,
        device=device,
        release=release,
        row=make_update(session, device=device, release=release, state=UpdateState.OFFERED),
    )


def test_a_bot_reports_its_way_to_the_restart(world: World, events: RecordingEvents) -> None:
    states = [world.report("downloading", 430), world.report("installing"), world.report("restarting")]
    assert states == [UpdateState.DOWNLOADING, UpdateState.INSTALLING, UpdateState.RESTARTING]
    published = [(body["state"], body["bytes_done"]) for body in events.bodies(EventName.UPDATE_CHANGED)]
    assert published == [("downloading", 430), ("installing", SIZE), ("restarting", SIZE)]
    assert world.now().deadline_at is not None


def test_a_repeated_or_late_report_changes_nothing(world: World, events: RecordingEvents) -> None:
    world.report("downloading", 500)
    world.report("installing")
    before = world.now().revision
    events.clear()
    assert world.report("installing") is UpdateState.INSTALLING
    assert world.report("downloading", 900) is UpdateState.INSTALLING
    assert world.now().revision == before
    assert events.events == []


def test_bytes_never_go_backwards_nor_past_the_end(world: World) -> None:
    world.report("downloading", 500)
    world.report("downloading", 400)
    assert world.now().bytes_done == 500
    world.report("downloading", 5000)
    assert world.now().bytes_done == SIZE


def test_a_failure_is_told_by_its_code(world: World, events: RecordingEvents) -> None:
    world.report("downloading", 500)
    assert world.report("failed", error="wrong_digest") is UpdateState.FAILED
    assert events.bodies(EventName.UPDATE_CHANGED)[-1]["error"] == {"code": "wrong_digest", "detail": ""}
    assert events.bodies(EventName.DEVICE_CHANGED)[-1]["update_status"] == "error"


def test_an_unknown_failure_keeps_the_detail_of_the_bot(world: World, events: RecordingEvents) -> None:
    world.report("failed", error="heap broke\n")
    assert events.bodies(EventName.UPDATE_CHANGED)[-1]["error"] == {"code": "other", "detail": "heap broke"}


def test_a_closed_update_takes_no_report(world: World) -> None:
    world.report("failed", error="connection")
    with pytest.raises(Conflict) as caught:
        world.report("downloading", 1)
    assert caught.value.code == "update_closed"


def test_another_bots_update_is_not_there(world: World, secrets: SecretBox) -> None:
    other = make_device(world.session, secrets=secrets, account=world.account, product_id="bot_other")
    with pytest.raises(NotFound):
        world.report("failed", device_id=other.id)
    with pytest.raises(NotFound):
        world.downloads.open_firmware(other.id, world.row.id, counter=world.next_counter())
    assert world.now().state is UpdateState.OFFERED


def test_firmware_is_open_only_while_the_update_is(world: World) -> None:
    row, release = world.downloads.open_firmware(world.device.id, world.row.id, counter=world.next_counter())
    assert (row.id, release.id) == (world.row.id, world.release.id)
    world.report("failed")
    with pytest.raises(Conflict):
        world.downloads.open_firmware(world.device.id, world.row.id, counter=world.next_counter())


def test_progress_is_stored_only_while_the_bot_downloads(world: World) -> None:
    def progress(done: int) -> bool:
        return world.downloads.progress(world.row.id, bytes_done=done)

    assert progress(10) is False
    world.downloads.begin(world.row.id, at=0)
    assert progress(100) is True
    assert progress(50) is False
    world.report("installing")
    assert progress(999) is False
    assert world.now().bytes_done == SIZE


def test_a_download_begun_anew_starts_where_the_bot_says(world: World) -> None:
    world.downloads.begin(world.row.id, at=0)
    world.downloads.progress(world.row.id, bytes_done=700)
    world.downloads.begin(world.row.id, at=300)
    assert world.now().bytes_done == 300


def test_progress_renews_the_deadline(world: World, clock: FixedClock) -> None:
    world.downloads.begin(world.row.id, at=0)
    first = world.now().deadline_at
    clock.tick(60)
    world.downloads.progress(world.row.id, bytes_done=1)
    second = world.now().deadline_at
    assert first is not None
    assert second is not None
    assert (second - first).total_seconds() == 60


def test_the_link_gives_what_was_sent_last(world: World) -> None:
    found = world.downloads.linked(world.device.id)
    assert found is not None
    assert found[1] is not None
    assert (found[0].id, found[1].id) == (world.release.id, world.row.id)
    assert world.downloads.linked("nobody") is None


def test_a_bot_of_the_link_confirms_by_its_digest(world: World, clock: FixedClock) -> None:
    world.downloads.begin(world.row.id, at=0)
    world.downloads.complete(world.row.id, bytes_done=SIZE)
    assert world.now().state is UpdateState.INSTALLING
    world.running(world.release.image_digest)
    assert world.now().state is UpdateState.CONFIRMED
    device = reread(world.session, world.device)
    assert (device.image_digest, device.last_seen_at) == (world.release.image_digest, clock.now())


def test_an_old_digest_after_the_last_whole_download_is_a_rollback(world: World) -> None:
    for _ in range(MAX_WHOLE_DOWNLOADS):
        world.running("0" * 64)
        assert (world.now().state, world.now().bytes_done) == (UpdateState.OFFERED, 0)
        world.downloads.begin(world.row.id, at=0)
        world.downloads.complete(world.row.id, bytes_done=SIZE)
    world.running("0" * 64)
    assert world.now().state is UpdateState.ROLLED_BACK
    assert world.now().whole_downloads == MAX_WHOLE_DOWNLOADS
