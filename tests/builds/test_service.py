"""Builds as users see them."""

import errno
import os
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildState
from app.builds.service import Builds, Requested
from app.builds.tables import Build
from app.events.names import EventName, account_room
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound, Unavailable
from app.sketches.tables import Sketch
from app.toolchain.rules import VIRTUAL_FQBN
from tests.factories import actor_of, make_account, make_board, make_build, make_sketch
from tests.fakes import FakeQueue, FixedClock, MemorySketchStore, RecordingEvents


@dataclass
class World:
    """The service and one account with a sketch."""

    session: Session
    builds: Builds
    queue: FakeQueue
    events: RecordingEvents
    artifacts: DiskArtifactStore
    account: Account
    sketch: Sketch

    @property
    def actor(self) -> Actor:
        return actor_of(self.account)

    def request(self, fqbn: str = VIRTUAL_FQBN) -> Requested:
        return self.builds.request(self.actor, self.sketch.id, fqbn=fqbn)

    def request_of_another(self, sketch_store: MemorySketchStore) -> Requested:
        """The same sources, asked for by another account."""
        other = make_account(self.session)
        sketch = make_sketch(self.session, account=other, store=sketch_store)
        return self.builds.request(actor_of(other), sketch.id, fqbn=VIRTUAL_FQBN)

    def succeed(self, build: Build, *, built_clean: bool = True) -> None:
        """End a build well, with an artifact."""
        self.artifacts.publish(build.id, [("firmware.bin", b"image")])
        self.artifacts.append_log(build.id, b"done\n")
        build.state = BuildState.SUCCEEDED
        build.finished_at = build.created_at
        build.image_digest = "e" * 64
        build.built_clean = built_clean
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
    builds = Builds(
        sessions=lambda: session, artifacts=artifacts, queue=queue, events=events, clock=clock, max_open=4
    )
    return World(session, builds, queue, events, artifacts, account, sketch)


def test_a_request_writes_the_row_then_queues_it_for_a_worker_with_the_core(world: World) -> None:
    asked = world.request()
    assert not asked.reused
    assert asked.build.state is BuildState.QUEUED
    assert world.queue.waiting == [asked.build.id]
    assert world.queue.cores == ["airsketch:virtual"]
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
    world.artifacts.remove(first.build.id)
    again = world.request()
    assert not again.reused
    assert again.build.state is BuildState.QUEUED


def test_a_failed_build_is_tried_again(world: World) -> None:
    first = world.request()
    first.build.state = BuildState.FAILED
    world.session.commit()
    assert world.request().build.id != first.build.id


def test_another_owners_duplicate_lends_its_artifacts_but_not_its_name(
    world: World, sketch_store: MemorySketchStore
) -> None:
    first = world.request()
    world.succeed(first.build)
    asked = world.request_of_another(sketch_store)
    assert asked.build.id != first.build.id
    assert asked.build.state is BuildState.SUCCEEDED
    assert asked.build.image_digest == first.build.image_digest
    assert world.artifacts.artifact(asked.build.id, "firmware.bin").read() == b"image"


def test_a_duplicate_from_a_used_cache_serves_its_own_account_only(
    world: World, sketch_store: MemorySketchStore
) -> None:
    first = world.request()
    world.succeed(first.build, built_clean=False)
    assert world.request().reused
    asked = world.request_of_another(sketch_store)
    assert asked.build.state is BuildState.QUEUED


def test_a_new_toolchain_is_a_new_build(world: World) -> None:
    first = world.request()
    world.succeed(first.build)
    board = make_board(world.session, fqbn="airsketch:virtual:other", toolchain_key="b" * 64)
    assert not world.request(board.fqbn).reused


def test_somebody_elses_sketch_is_not_there(world: World) -> None:
    stranger = make_account(world.session)
    with pytest.raises(NotFound):
        world.builds.request(actor_of(stranger), world.sketch.id, fqbn=VIRTUAL_FQBN)


@pytest.mark.parametrize("fqbn", ["nonsense", "a:b:c"])
def test_an_unknown_board_is_refused(world: World, fqbn: str) -> None:
    with pytest.raises(Invalid):
        world.request(fqbn)


def test_a_board_that_is_not_available_says_why(world: World) -> None:
    make_board(world.session, fqbn="esp32:esp32:esp32", available=False, reason="its core is missing.")
    with pytest.raises(Invalid, match="its core is missing"):
        world.request("esp32:esp32:esp32")


def test_an_account_may_have_only_so_many_open_builds(world: World) -> None:
    for _ in range(4):
        make_build(world.session, account=world.account, state=BuildState.RUNNING)
    with pytest.raises(LimitExceeded) as caught:
        world.request()
    assert caught.value.details["limit"] == 4
    assert not world.artifacts.root.exists()


def test_a_request_survives_a_queue_that_is_away(world: World) -> None:
    world.queue.away = True
    assert world.request().build.state is BuildState.QUEUED


def test_a_full_disk_is_said_and_leaves_no_row(
    world: World, sketch_store: MemorySketchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.succeed(world.request().build)

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(Unavailable) as refusal:
        world.request_of_another(sketch_store)
    assert refusal.value.code == "disk_full"
    assert world.session.scalar(select(func.count()).select_from(Build)) == 1


def test_stopping_a_queued_build_ends_it_at_once(world: World) -> None:
    build = world.request().build
    stopped = world.builds.stop(world.actor, build.id)
    assert stopped.state is BuildState.CANCELLED
    assert world.queue.waiting == []


def test_stopping_a_running_build_tells_the_worker(world: World) -> None:
    build = make_build(world.session, account=world.account, state=BuildState.RUNNING)
    stopped = world.builds.stop(world.actor, build.id)
    assert stopped.state is BuildState.RUNNING
    assert world.queue.cancelled == [build.id]


def test_an_ended_build_cannot_be_stopped(world: World) -> None:
    build = make_build(world.session, account=world.account)
    with pytest.raises(Conflict):
        world.builds.stop(world.actor, build.id)


def test_somebody_elses_build_can_neither_be_read_nor_stopped(world: World) -> None:
    build = world.request().build
    stranger = make_account(world.session)
    with pytest.raises(NotFound):
        world.builds.get(actor_of(stranger), build.id)
    with pytest.raises(NotFound):
        world.builds.stop(actor_of(stranger), build.id)
    assert world.builds.of_sketch(actor_of(stranger), world.sketch.id) == []


def test_the_builds_of_a_sketch_come_newest_first(world: World, clock: FixedClock) -> None:
    old = make_build(world.session, account=world.account, sketch=world.sketch)
    clock.tick(60)
    new = make_build(world.session, account=world.account, sketch=world.sketch, created_at=clock.now())
    listed = world.builds.of_sketch(world.actor, world.sketch.id)
    assert [build.id for build in listed] == [new.id, old.id]
