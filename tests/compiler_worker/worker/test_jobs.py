"""The job from the row's point of view, with a compile that does as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildId, BuildResult, BuildSpec, BuildState, FailureReason, Stage
from app.builds.runs import RunParts
from app.builds.tables import Build
from app.events.names import EventName
from app.kernel.errors import Unavailable
from compiler_worker.compile.compile import Watch
from compiler_worker.worker import jobs
from tests.factories import make_account, make_build, make_sketch, reread
from tests.fakes import FakeQueue, FixedClock, MemorySketchStore, RecordingEvents

Compile = Callable[[BuildSpec, Path, Watch], BuildResult]


class Queue(FakeQueue):
    """A queue with the worker's side of it."""

    def __init__(self) -> None:
        super().__init__()
        self.beats = 0
        self.signed_off: list[BuildId] = []

    def beat_build(self, _build_id: BuildId) -> None:
        self._check()
        self.beats += 1

    def sign_off_build(self, build_id: BuildId) -> None:
        self._check()
        self.signed_off.append(build_id)

    def is_cancelled(self, build_id: BuildId) -> bool:
        self._check()
        return build_id in self.cancelled


@pytest.fixture
def queue() -> Queue:
    """The queue of this module's jobs."""
    return Queue()


@pytest.fixture
def build(session: Session, sketch_store: MemorySketchStore) -> Build:
    account = make_account(session)
    sketch = make_sketch(session, account=account, store=sketch_store)
    return make_build(session, account=account, sketch=sketch, state=BuildState.QUEUED)


@pytest.fixture
def run(
    session: Session,
    build: Build,
    queue: Queue,
    artifacts: DiskArtifactStore,
    events: RecordingEvents,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Compile], Build]:
    """Runs the job of `build` with a compile of the test's own."""

    @contextmanager
    def one_session() -> Iterator[Session]:
        yield session

    parts = RunParts(artifacts=artifacts, queue=queue, events=events, clock=clock)
    equipment = SimpleNamespace(
        runtime=SimpleNamespace(run_parts=lambda: parts),
        queue=queue,
        session=one_session,
        toolchain=None,
        cache=None,
    )
    monkeypatch.setattr(jobs, "equip", lambda: equipment)
    monkeypatch.setattr(jobs, "_die_with_worker", lambda: None)

    def play(compile_: Compile) -> Build:
        def stand_in(spec: BuildSpec, *, out_dir: Path, watch: Watch, **_: object) -> BuildResult:
            return compile_(spec, out_dir, watch)

        monkeypatch.setattr(jobs, "compile_sketch", stand_in)
        jobs.compile_build(build.id)
        return reread(session, build)

    return play


def succeed(_spec: BuildSpec, out_dir: Path, watch: Watch) -> BuildResult:
    (out_dir / "firmware.bin").write_bytes(b"image")
    watch.on_line("Sketch uses 5 bytes")
    return BuildResult(state=BuildState.SUCCEEDED, compile_s=0.5)


def test_success_publishes_artifacts_and_log(
    run: Callable[[Compile], Build], artifacts: DiskArtifactStore, queue: Queue
) -> None:
    build = run(succeed)
    assert build.state is BuildState.SUCCEEDED
    assert artifacts.artifact(BuildId(build.id), "firmware.bin").read_bytes() == b"image"
    assert artifacts.read_log(BuildId(build.id), 0, 100) == b"Sketch uses 5 bytes\n"
    assert queue.signed_off == [build.id]
    assert queue.beats == 1


def test_failure_leaves_no_artifacts_and_no_folder_in_the_making(
    run: Callable[[Compile], Build], artifacts: DiskArtifactStore
) -> None:
    def fail(_spec: BuildSpec, out_dir: Path, _watch: Watch) -> BuildResult:
        (out_dir / "firmware.bin").write_bytes(b"half")
        return BuildResult(state=BuildState.FAILED, reason=FailureReason.COMPILE_ERROR, message="bad")

    build = run(fail)
    assert (build.state, build.reason, build.message) == (
        BuildState.FAILED,
        FailureReason.COMPILE_ERROR,
        "bad",
    )
    assert not artifacts.has_artifacts(BuildId(build.id))
    assert list(artifacts.folder(BuildId(build.id)).glob(".output-*")) == []


def test_our_own_fault_ends_the_build_as_internal(run: Callable[[Compile], Build]) -> None:
    def crash(_spec: BuildSpec, _out: Path, _watch: Watch) -> BuildResult:
        raise ZeroDivisionError

    build = run(crash)
    assert (build.state, build.reason) == (BuildState.FAILED, FailureReason.INTERNAL)
    assert "not in your sketch" in build.message


def test_full_disk_is_named(run: Callable[[Compile], Build]) -> None:
    def full(_spec: BuildSpec, _out: Path, _watch: Watch) -> BuildResult:
        raise Unavailable("no_room", "full")

    build = run(full)
    assert (build.state, build.reason) == (BuildState.FAILED, FailureReason.DISK_FULL)


def test_stage_and_lines_are_told_while_it_runs(
    run: Callable[[Compile], Build], events: RecordingEvents, artifacts: DiskArtifactStore, build: Build
) -> None:
    def slow(_spec: BuildSpec, _out: Path, watch: Watch) -> BuildResult:
        watch.on_line("one")
        watch.on_stage(Stage.LINKING)
        assert not watch.cancelled()
        assert artifacts.read_log(BuildId(build.id), 0, 100) == b"one\n"
        return BuildResult(state=BuildState.CANCELLED)

    run(slow)
    stages = [event.body["stage"] for event in events.named(EventName.BUILD_CHANGED)]
    assert Stage.LINKING in stages


def test_stop_reaches_the_compile(run: Callable[[Compile], Build], queue: Queue, build: Build) -> None:
    asked: list[bool] = []

    def look(_spec: BuildSpec, _out: Path, watch: Watch) -> BuildResult:
        queue.cancelled.append(BuildId(build.id))
        asked.append(watch.cancelled())
        return BuildResult(state=BuildState.CANCELLED)

    assert run(look).state is BuildState.CANCELLED
    assert asked == [True]


def test_redis_that_goes_away_does_not_end_the_build(run: Callable[[Compile], Build], queue: Queue) -> None:
    def lose_redis(spec: BuildSpec, out_dir: Path, watch: Watch) -> BuildResult:
        queue.away = True
        assert not watch.cancelled()
        return succeed(spec, out_dir, watch)

    assert run(lose_redis).state is BuildState.SUCCEEDED


def test_ended_build_is_not_compiled_again(run: Callable[[Compile], Build]) -> None:
    run(succeed)
    calls: list[BuildSpec] = []

    def count(spec: BuildSpec, _out: Path, _watch: Watch) -> BuildResult:
        calls.append(spec)
        return BuildResult(state=BuildState.CANCELLED)

    assert run(count).state is BuildState.SUCCEEDED
    assert calls == []
