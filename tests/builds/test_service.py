"""Builds as people ask for them."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds import service as builds
from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildId, BuildState
from app.builds.service import BuildParts, Requested
from app.builds.tables import Build
from app.events.names import EventName, account_room
from app.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound, Unavailable
from app.sketches.rules import SketchId
from app.sketches.tables import Sketch
from tests.factories import make_account, make_board, make_build, make_sketch
from tests.fakes import FakeQueue, FixedClock, MemorySketchStore, RecordingEvents


@dataclass
class World:
    """A session, the parts and one account with a sketch."""

    session: Session
    parts: BuildParts
    queue: FakeQueue
    events: RecordingEvents
    artifacts: DiskArtifactStore
    account: Account
    sketch: Sketch

    def request(self, **changes: object) -> Requested:
        values: dict[str, object] = {
            "account_id": self.account.id,
            "sketch_id": SketchId(self.sketch.id),
            "fqbn": "airsketch:virtual:bot",
            "max_open": 4,
            "parts": self.parts,
            **changes,
        }
        return builds.request(self.session, **values)  # type: ignore[arg-type]

    def succeed(self, build: Build, *, is_pristine: bool = True) -> None:
        """End a build well, with an artifact."""
        output = self.artifacts.new_output(BuildId(build.id))
        (output / "firmware.bin").write_bytes(b"image")
        self.artifacts.publish(BuildId(build.id), output)
        self.artifacts.append_log(BuildId(build.id), b"done\n")
        build.state = BuildState.SUCCEEDED
        build.finished_at = build.created_at
        build.image_digest = "e" * 64
        build.is_pristine = is_pristine
        self.session.commit()


@pytest.fixture
def world(
    session: Session,
    clock: FixedClock,
    events: RecordingEvents,
    sketch_store: MemorySketchStore,
    artifacts: DiskArtifactStore,
    queue: FakeQueue,
) -> World:
    account = make_account(session)
    make_board(session)
    sketch = make_sketch(session, account=account, store=sketch_store)
    parts = BuildParts(sketches=sketch_store, artifacts=artifacts, queue=queue, events=events, clock=clock)
    return World(session, parts, queue, events, artifacts, account, sketch)


def test_a_request_writes_the_snapshot_then_the_row_then_queues_it(world: World) -> None:
    asked = world.request()
    assert not asked.reused
    assert asked.build.state is BuildState.QUEUED
    assert world.queue.waiting == [asked.build.id]
    snapshot = world.artifacts.folder(BuildId(asked.build.id)) / "snapshot"
    assert [path.name for path in snapshot.iterdir()] == ["Blink.ino"]
    assert world.events.named(EventName.BUILD_CHANGED)[0].rooms == (account_room(world.account.id),)
    assert world.events.bodies(EventName.BUILD_QUEUE)[0]["position"] == 1


def test_the_same_request_while_it_is_open_joins_it(world: World) -> None:
    first = world.request()
    second = world.request()
    assert second.build.id == first.build.id
    assert not second.reused


def test_the_same_sources_again_are_answered_by_the_finished_build(world: World) -> None:
    first = world.request()
    world.succeed(first.build)
    again = world.request()
    assert again.reused
    assert again.build.id == first.build.id
    assert len(world.queue.waiting) == 1


def test_a_finished_build_whose_files_are_gone_is_built_anew(world: World) -> None:
    first = world.request()
    world.succeed(first.build)
    world.artifacts.remove(BuildId(first.build.id))
    again = world.request()
    assert not again.reused
    assert again.build.state is BuildState.QUEUED


def test_a_failed_build_is_tried_again(world: World) -> None:
    first = world.request()
    first.build.state = BuildState.FAILED
    world.session.commit()
    assert world.request().build.id != first.build.id


def test_another_owners_twin_lends_its_artifacts_but_not_its_name(
    world: World, sketch_store: MemorySketchStore
) -> None:
    first = world.request()
    world.succeed(first.build)
    other = make_account(world.session)
    sketch = make_sketch(world.session, account=other, store=sketch_store)
    asked = world.request(account_id=other.id, sketch_id=SketchId(sketch.id))
    assert asked.build.id != first.build.id
    assert asked.build.state is BuildState.SUCCEEDED
    assert asked.build.image_digest == first.build.image_digest
    assert world.artifacts.artifact(BuildId(asked.build.id), "firmware.bin").read_bytes() == b"image"


def test_a_twin_from_a_used_cache_serves_its_own_account_only(
    world: World, sketch_store: MemorySketchStore
) -> None:
    first = world.request()
    world.succeed(first.build, is_pristine=False)
    assert world.request().reused
    other = make_account(world.session)
    sketch = make_sketch(world.session, account=other, store=sketch_store)
    asked = world.request(account_id=other.id, sketch_id=SketchId(sketch.id))
    assert asked.build.state is BuildState.QUEUED


def test_a_new_toolchain_is_a_new_build(world: World) -> None:
    first = world.request()
    world.succeed(first.build)
    board = make_board(world.session, fqbn="airsketch:virtual:other", toolchain_key="b" * 64)
    assert not world.request(fqbn=board.fqbn).reused


def test_somebody_elses_sketch_is_not_there(world: World) -> None:
    stranger = make_account(world.session)
    with pytest.raises(NotFound):
        world.request(account_id=stranger.id)


@pytest.mark.parametrize("fqbn", ["nonsense", "a:b:c"])
def test_an_unknown_board_is_refused(world: World, fqbn: str) -> None:
    with pytest.raises(Invalid):
        world.request(fqbn=fqbn)


def test_a_board_that_is_not_available_says_why(world: World) -> None:
    make_board(world.session, fqbn="esp32:esp32:esp32", available=False, reason="its core is missing.")
    with pytest.raises(Invalid, match="its core is missing"):
        world.request(fqbn="esp32:esp32:esp32")


def test_an_account_may_have_only_so_many_open_builds(world: World) -> None:
    for _ in range(4):
        make_build(world.session, account=world.account, state=BuildState.RUNNING)
    with pytest.raises(LimitExceeded) as caught:
        world.request()
    assert caught.value.details["limit"] == 4
    assert list(world.artifacts.folder(BuildId("0" * 32)).parent.glob("*/snapshot")) == []


def test_a_request_survives_a_queue_that_is_away(world: World) -> None:
    world.queue.away = True
    assert world.request().build.state is BuildState.QUEUED


def test_a_full_disk_is_said_and_leaves_no_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise Unavailable("no_room", "The server cannot write to its disk.")

    monkeypatch.setattr(world.artifacts, "put_snapshot", full)
    with pytest.raises(Unavailable):
        world.request()
    assert world.session.scalar(select(func.count()).select_from(Build)) == 0


def test_stopping_a_queued_build_ends_it_at_once(world: World) -> None:
    build = world.request().build
    stopped = builds.stop(world.session, account_id=world.account.id, build_id=build.id, parts=world.parts)
    assert stopped.state is BuildState.CANCELLED
    assert world.queue.waiting == []


def test_stopping_a_running_build_tells_the_worker(world: World) -> None:
    build = make_build(world.session, account=world.account, state=BuildState.RUNNING)
    stopped = builds.stop(world.session, account_id=world.account.id, build_id=build.id, parts=world.parts)
    assert stopped.state is BuildState.RUNNING
    assert world.queue.cancelled == [build.id]


def test_an_ended_build_cannot_be_stopped(world: World) -> None:
    build = make_build(world.session, account=world.account)
    with pytest.raises(Conflict):
        builds.stop(world.session, account_id=world.account.id, build_id=build.id, parts=world.parts)


def test_somebody_elses_build_can_neither_be_read_nor_stopped(world: World) -> None:
    build = world.request().build
    stranger = make_account(world.session)
    with pytest.raises(NotFound):
        builds.get(world.session, account_id=stranger.id, build_id=build.id)
    with pytest.raises(NotFound):
        builds.stop(world.session, account_id=stranger.id, build_id=build.id, parts=world.parts)
    assert builds.of_sketch(world.session, account_id=stranger.id, sketch_id=world.sketch.id) == []


def test_the_builds_of_a_sketch_come_newest_first(world: World, clock: FixedClock) -> None:
    old = make_build(world.session, account=world.account, sketch=world.sketch)
    clock.tick(60)
    new = make_build(world.session, account=world.account, sketch=world.sketch, created_at=clock.now())
    listed = builds.of_sketch(world.session, account_id=world.account.id, sketch_id=world.sketch.id)
    assert [build.id for build in listed] == [new.id, old.id]
