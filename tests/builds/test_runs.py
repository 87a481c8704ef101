"""Builds as the worker drives them."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds import runs as build_runs
from app.builds.artifact_store import DiskArtifactStore
from app.builds.images import ImageFacts
from app.builds.rules import (
    ArtifactFacts,
    BuildId,
    BuildResult,
    BuildState,
    Diagnostic,
    FailureReason,
    SectionSize,
    Severity,
    Stage,
)
from app.builds.runs import RunParts
from app.builds.tables import Build
from app.events.names import EventName, build_room
from tests.factories import make_account, make_build, reread
from tests.fakes import FakeQueue, FixedClock, RecordingEvents

SUCCESS = BuildResult(
    state=BuildState.SUCCEEDED,
    sizes=(SectionSize(name="text", size_bytes=10, max_bytes=20),),
    artifacts=(ArtifactFacts(name="firmware.bin", size_bytes=5, sha256="0" * 64),),
    image=ImageFacts(
        chip="virtual", size_bytes=5, sha256="1" * 64, image_digest="2" * 64, version="7", project="Blink"
    ),
    compile_s=1.5,
)
FAILURE = BuildResult(
    state=BuildState.FAILED,
    reason=FailureReason.COMPILE_ERROR,
    message="The compiler found 1 error.",
    diagnostics=(Diagnostic(severity=Severity.ERROR, file="Blink.ino", line=3, column=1, message="no"),),
)


@pytest.fixture
def parts(
    artifacts: DiskArtifactStore, queue: FakeQueue, events: RecordingEvents, clock: FixedClock
) -> RunParts:
    return RunParts(artifacts=artifacts, queue=queue, events=events, clock=clock)


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


def _id(build: Build) -> BuildId:
    return BuildId(build.id)


def test_starting_gives_the_spec_and_says_so(
    session: Session, account: Account, parts: RunParts, events: RecordingEvents
) -> None:
    build = make_build(session, account=account, state=BuildState.QUEUED)
    spec = build_runs.start(session, build_id=_id(build), parts=parts)
    assert spec is not None
    assert (spec.sketch_name, spec.fqbn, spec.chip) == (build.sketch_name, build.fqbn, build.chip)
    assert build.state is BuildState.RUNNING
    assert events.bodies(EventName.BUILD_CHANGED)[-1]["stage"] == Stage.PREPARING


@pytest.mark.parametrize("state", [state for state in BuildState if state is not BuildState.QUEUED])
def test_a_repeated_or_cancelled_job_starts_nothing(
    session: Session, account: Account, parts: RunParts, state: BuildState
) -> None:
    build = make_build(session, account=account, state=state)
    assert build_runs.start(session, build_id=_id(build), parts=parts) is None
    assert reread(session, build).state is state


def test_a_build_whose_twin_has_just_been_built_ends_at_its_start(
    session: Session, account: Account, parts: RunParts, artifacts: DiskArtifactStore
) -> None:
    twin = make_build(session, account=account, cache_key="k" * 64)
    output = artifacts.new_output(_id(twin))
    (output / "firmware.bin").write_bytes(b"image")
    artifacts.publish(_id(twin), output)
    artifacts.append_log(_id(twin), b"log\n")
    build = make_build(session, account=account, state=BuildState.QUEUED, cache_key="k" * 64)
    assert build_runs.start(session, build_id=_id(build), parts=parts) is None
    assert build.state is BuildState.SUCCEEDED
    assert artifacts.read_log(_id(build), 0, 100) == b"log\n"


def test_the_end_of_a_build_serves_all_who_wait_for_the_same(
    session: Session,
    account: Account,
    parts: RunParts,
    artifacts: DiskArtifactStore,
    events: RecordingEvents,
    queue: FakeQueue,
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING, cache_key="k" * 64)
    output = artifacts.new_output(_id(build))
    (output / "firmware.bin").write_bytes(b"image")
    artifacts.publish(_id(build), output)
    artifacts.append_log(_id(build), b"log\n")
    same, other = (
        make_build(session, account=account, state=BuildState.QUEUED, cache_key=key * 64) for key in "ko"
    )
    queue.enqueue(_id(same))
    queue.enqueue(_id(other))

    assert build_runs.finish(session, build_id=_id(build), result=SUCCESS, parts=parts)

    assert reread(session, same).state is BuildState.SUCCEEDED
    assert reread(session, other).state is BuildState.QUEUED
    assert artifacts.artifact(_id(same), "firmware.bin").read_bytes() == b"image"
    assert same.id in {body["id"] for body in events.bodies(EventName.BUILD_CHANGED)}
    assert not queue.is_alive(_id(same))
    assert queue.is_alive(_id(other))


def test_a_build_that_is_not_there_starts_nothing(session: Session, parts: RunParts) -> None:
    assert build_runs.start(session, build_id=BuildId("0" * 32), parts=parts) is None


def test_a_stage_is_published_once(
    session: Session, account: Account, parts: RunParts, events: RecordingEvents
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    for _ in range(2):
        build_runs.set_stage(session, build_id=_id(build), stage=Stage.LINKING, parts=parts)
    assert [body["stage"] for body in events.bodies(EventName.BUILD_CHANGED)] == [Stage.LINKING]


def test_a_stage_after_the_end_changes_nothing(session: Session, account: Account, parts: RunParts) -> None:
    build = make_build(session, account=account, state=BuildState.CANCELLED)
    build_runs.set_stage(session, build_id=_id(build), stage=Stage.LINKING, parts=parts)
    assert reread(session, build).stage is None


def test_log_lines_carry_the_offset_at_which_they_begin(
    session: Session, account: Account, parts: RunParts, events: RecordingEvents
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    build_runs.add_log(_id(build), text="één\n", parts=parts)
    build_runs.add_log(_id(build), text="two\n", parts=parts)
    logs = events.named(EventName.BUILD_LOG)
    assert [event.body["start"] for event in logs] == [0, len("één\n".encode())]
    assert logs[0].rooms == (build_room(build.id),)


def test_success_stores_the_image_and_the_sizes(session: Session, account: Account, parts: RunParts) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    assert build_runs.finish(session, build_id=_id(build), result=SUCCESS, parts=parts)
    row = reread(session, build)
    assert row.state is BuildState.SUCCEEDED
    assert (row.image_digest, row.version, row.compile_s) == ("2" * 64, "7", 1.5)
    assert row.sizes == [{"name": "text", "size_bytes": 10, "max_bytes": 20}]


def test_failure_stores_reason_and_problems(session: Session, account: Account, parts: RunParts) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    build_runs.finish(session, build_id=_id(build), result=FAILURE, parts=parts)
    row = reread(session, build)
    assert (row.state, row.reason) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert row.diagnostics[0]["line"] == 3


def test_an_end_is_final(
    session: Session, account: Account, parts: RunParts, events: RecordingEvents
) -> None:
    build = make_build(session, account=account, state=BuildState.CANCELLED)
    assert not build_runs.finish(session, build_id=_id(build), result=SUCCESS, parts=parts)
    assert not build_runs.lose(session, build_id=_id(build), parts=parts)
    assert reread(session, build).state is BuildState.CANCELLED
    assert events.named(EventName.BUILD_CHANGED) == []


def test_our_own_mistake_is_called_so(session: Session, account: Account, parts: RunParts) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    assert build_runs.fail_internal(session, build_id=_id(build), parts=parts)
    assert build.reason is FailureReason.INTERNAL


def test_the_reaper_loses_a_running_build_without_a_sign_of_life(
    session: Session, account: Account, parts: RunParts, clock: FixedClock
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    clock.tick(6)
    assert build_runs.reap(session, parts=parts) == 1
    row = reread(session, build)
    assert row.state is BuildState.LOST
    assert "Press Compile" in row.message


def test_the_reaper_queues_a_forgotten_build_again(
    session: Session, account: Account, parts: RunParts, clock: FixedClock, queue: FakeQueue
) -> None:
    build = make_build(session, account=account, state=BuildState.QUEUED)
    clock.tick(6)
    build_runs.reap(session, parts=parts)
    assert queue.waiting == [build.id]
    assert reread(session, build).state is BuildState.QUEUED


def test_the_reaper_leaves_young_and_living_builds_alone(
    session: Session, account: Account, parts: RunParts, clock: FixedClock, queue: FakeQueue
) -> None:
    living = make_build(session, account=account, state=BuildState.RUNNING)
    queue.running.add(_id(living))
    clock.tick(6)
    make_build(session, account=account, state=BuildState.RUNNING, created_at=clock.now())
    just_begun = make_build(session, account=account, state=BuildState.RUNNING, started_at=clock.now())
    assert build_runs.reap(session, parts=parts) == 0
    assert reread(session, just_begun).state is BuildState.RUNNING
