"""Builds as the worker drives them."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.images import ImageFacts
from app.builds.queue import JobKind
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
    cache_key,
)
from app.builds.runs import BuildRuns
from app.builds.tables import Build
from app.events.names import EventName, build_room
from app.kernel.errors import Invalid
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain.service import find
from tests.factories import NO_CATALOG, make_account, make_board, make_build, make_sketch, reread
from tests.fakes import FakeQueue, FixedClock, MemorySketchStore, RecordingEvents

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
def runs(
    session: Session,
    sketch_store: MemorySketchStore,
    artifacts: DiskArtifactStore,
    queue: FakeQueue,
    events: RecordingEvents,
    clock: FixedClock,
) -> BuildRuns:
    return BuildRuns(
        sessions=lambda: session,
        sketch_store=sketch_store,
        artifacts=artifacts,
        queue=queue,
        events=events,
        clock=clock,
    )


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def waiting(session: Session, account: Account, sketch_store: MemorySketchStore) -> Build:
    """A queued build whose sources are in the store."""
    sketch = make_sketch(session, account=account, store=sketch_store)
    revision = session.get_one(SketchRevision, (sketch.id, 1))
    return make_build(
        session,
        account=account,
        sketch=sketch,
        state=BuildState.QUEUED,
        sources_digest=revision.digest,
    )


def test_starting_gives_the_spec_and_says_so(
    waiting: Build, runs: BuildRuns, events: RecordingEvents
) -> None:
    spec = runs.start(waiting.id, NO_CATALOG)
    assert spec is not None
    assert (spec.sketch_name, spec.fqbn, spec.chip) == (waiting.sketch_name, waiting.fqbn, waiting.chip)
    assert set(spec.sources.files) == {"Blink.ino"}
    assert waiting.state is BuildState.RUNNING
    assert events.bodies(EventName.BUILD_CHANGED)[-1]["stage"] == Stage.PREPARING


@pytest.mark.parametrize("state", [state for state in BuildState if state is not BuildState.QUEUED])
def test_a_repeated_or_cancelled_job_starts_nothing(
    session: Session, account: Account, runs: BuildRuns, state: BuildState
) -> None:
    build = make_build(session, account=account, state=state)
    assert runs.start(build.id, NO_CATALOG) is None
    assert reread(session, build).state is state


def test_a_build_whose_duplicate_has_just_been_built_ends_at_its_start(
    session: Session, account: Account, runs: BuildRuns, artifacts: DiskArtifactStore
) -> None:
    duplicate = make_build(session, account=account, cache_key="k" * 64)
    artifacts.publish(duplicate.id, [("firmware.bin", b"image")])
    artifacts.append_log(duplicate.id, b"log\n")
    build = make_build(session, account=account, state=BuildState.QUEUED, cache_key="k" * 64)
    assert runs.start(build.id, NO_CATALOG) is None
    assert build.state is BuildState.SUCCEEDED
    assert artifacts.read_log(build.id, 0, 100) == b"log\n"


def test_a_result_is_named_after_the_tools_of_the_worker_that_compiles_it(
    session: Session, waiting: Build, runs: BuildRuns
) -> None:
    row = make_board(session)
    board = find(session, fqbn=row.fqbn)
    assert board is not None
    board = replace(board, toolchain_key="b" * 64, slot_bytes=77)
    spec = runs.start(waiting.id, replace(NO_CATALOG, boards=(board,)))
    assert spec is not None
    assert spec.slot_bytes == 77
    assert waiting.cache_key == cache_key(
        sources_digest=waiting.sources_digest, fqbn=board.fqbn, toolchain_key="b" * 64
    )


def test_the_end_of_a_build_serves_all_who_wait_for_the_same(
    session: Session,
    account: Account,
    runs: BuildRuns,
    artifacts: DiskArtifactStore,
    events: RecordingEvents,
    queue: FakeQueue,
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING, cache_key="k" * 64)
    artifacts.publish(build.id, [("firmware.bin", b"image")])
    artifacts.append_log(build.id, b"log\n")
    same, other = (
        make_build(session, account=account, state=BuildState.QUEUED, cache_key=key * 64) for key in "ko"
    )
    queue.enqueue(JobKind.COMPILE, same.id, core="airsketch:virtual")
    queue.enqueue(JobKind.COMPILE, other.id, core="airsketch:virtual")

    assert runs.finish(build.id, SUCCESS)

    assert reread(session, same).state is BuildState.SUCCEEDED
    assert reread(session, other).state is BuildState.QUEUED
    assert artifacts.artifact(same.id, "firmware.bin").read() == b"image"
    assert same.id in {body["id"] for body in events.bodies(EventName.BUILD_CHANGED)}
    assert not queue.is_alive(same.id)
    assert queue.is_alive(other.id)


def test_a_build_that_is_not_there_starts_nothing(session: Session, runs: BuildRuns) -> None:
    assert runs.start(BuildId("0" * 32), NO_CATALOG) is None


def test_a_build_whose_sketch_was_deleted_while_it_waited_is_cancelled(
    session: Session, waiting: Build, runs: BuildRuns, sketch_store: MemorySketchStore
) -> None:
    session.delete(session.get_one(Sketch, waiting.sketch_id))
    session.commit()
    assert runs.start(waiting.id, NO_CATALOG) is None
    assert reread(session, waiting).state is BuildState.CANCELLED
    assert "was deleted" in waiting.message


def test_a_build_whose_sources_vanish_while_it_starts_is_cancelled(
    session: Session, waiting: Build, runs: BuildRuns, sketch_store: MemorySketchStore
) -> None:
    sketch_store.stored.clear()
    assert runs.start(waiting.id, NO_CATALOG) is None
    assert reread(session, waiting).state is BuildState.CANCELLED


def test_sources_that_break_a_newer_rule_are_not_compiled(
    waiting: Build, runs: BuildRuns, sketch_store: MemorySketchStore
) -> None:
    for files in sketch_store.stored.values():
        files["build_opt.h"] = b"-wrapper sh"
    with pytest.raises(Invalid, match="build_opt"):
        runs.start(waiting.id, NO_CATALOG)


def test_a_stage_is_published_once(
    session: Session, account: Account, runs: BuildRuns, events: RecordingEvents
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    for _ in range(2):
        runs.set_stage(build.id, Stage.LINKING)
    assert [body["stage"] for body in events.bodies(EventName.BUILD_CHANGED)] == [Stage.LINKING]


def test_a_stage_after_the_end_changes_nothing(session: Session, account: Account, runs: BuildRuns) -> None:
    build = make_build(session, account=account, state=BuildState.CANCELLED)
    runs.set_stage(build.id, Stage.LINKING)
    assert reread(session, build).stage is None


def test_log_lines_carry_the_offset_at_which_they_begin(
    session: Session, account: Account, runs: BuildRuns, events: RecordingEvents
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    runs.add_log(build.id, "één\n")
    runs.add_log(build.id, "two\n")
    logs = events.named(EventName.BUILD_LOG)
    assert [event.body["start"] for event in logs] == [0, len("één\n".encode())]
    assert logs[0].rooms == (build_room(build.id),)


def test_success_stores_the_image_and_the_sizes(session: Session, account: Account, runs: BuildRuns) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    assert runs.finish(build.id, SUCCESS)
    row = reread(session, build)
    assert row.state is BuildState.SUCCEEDED
    assert (row.image_digest, row.version, row.compile_s) == ("2" * 64, "7", 1.5)
    assert row.sizes == [{"name": "text", "size_bytes": 10, "max_bytes": 20}]


def test_the_end_of_a_build_is_logged(
    session: Session, account: Account, runs: BuildRuns, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="app.builds.runs")
    build = make_build(session, account=account, state=BuildState.RUNNING)
    runs.finish(build.id, FAILURE)
    (record,) = caplog.records
    facts = record.__dict__
    assert (record.msg, facts["build_id"], facts["state"], facts["reason"]) == (
        "build_ended",
        build.id,
        BuildState.FAILED,
        FAILURE.reason,
    )


def test_failure_stores_reason_and_problems(session: Session, account: Account, runs: BuildRuns) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    runs.finish(build.id, FAILURE)
    row = reread(session, build)
    assert (row.state, row.reason) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert row.diagnostics[0]["line"] == 3


def test_an_end_is_final(
    session: Session, account: Account, runs: BuildRuns, events: RecordingEvents
) -> None:
    build = make_build(session, account=account, state=BuildState.CANCELLED)
    assert not runs.finish(build.id, SUCCESS)
    assert not runs.lose(build.id)
    assert reread(session, build).state is BuildState.CANCELLED
    assert events.named(EventName.BUILD_CHANGED) == []


def test_our_own_mistake_is_called_so(session: Session, account: Account, runs: BuildRuns) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    assert runs.fail_internal(build.id)
    assert build.reason is FailureReason.INTERNAL


def test_the_reaper_loses_a_running_build_without_a_sign_of_life(
    session: Session, account: Account, runs: BuildRuns, clock: FixedClock
) -> None:
    build = make_build(session, account=account, state=BuildState.RUNNING)
    clock.tick(6)
    assert runs.reap() == 1
    row = reread(session, build)
    assert row.state is BuildState.LOST
    assert "Press Compile" in row.message


def test_the_reaper_queues_a_forgotten_build_again(
    session: Session, account: Account, runs: BuildRuns, clock: FixedClock, queue: FakeQueue
) -> None:
    build = make_build(session, account=account, state=BuildState.QUEUED)
    clock.tick(6)
    runs.reap()
    assert (queue.waiting, queue.cores) == ([build.id], ["airsketch:virtual"])
    assert reread(session, build).state is BuildState.QUEUED


def test_the_reaper_leaves_young_and_living_builds_alone(
    session: Session, account: Account, runs: BuildRuns, clock: FixedClock, queue: FakeQueue
) -> None:
    living = make_build(session, account=account, state=BuildState.RUNNING)
    queue.running.add(living.id)
    clock.tick(6)
    make_build(session, account=account, state=BuildState.RUNNING, created_at=clock.now())
    just_begun = make_build(session, account=account, state=BuildState.RUNNING, started_at=clock.now())
    assert runs.reap() == 0
    assert reread(session, just_begun).state is BuildState.RUNNING
