"""The job from the row's point of view, with a compile that behaves as configured."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildResult, BuildSpec, BuildState, FailureReason, Stage
from app.builds.tables import Build
from app.events.names import EventName
from app.kernel.errors import Unavailable
from app.runtime import Runtime
from app.sketches.tables import SketchRevision
from app.toolchain.rules import WorkerName
from compiler_worker.compile.compile import CompileObserver
from compiler_worker.worker import jobs
from tests.factories import make_account, make_build, make_sketch, reread
from tests.fakes import FakeQueue, MemorySketchStore, RecordingEvents

Compile = Callable[[BuildSpec, Path, CompileObserver], BuildResult]


@pytest.fixture
def build(session: Session, sketch_store: MemorySketchStore) -> Build:
    account = make_account(session)
    sketch = make_sketch(session, account=account, store=sketch_store)
    digest = session.get_one(SketchRevision, (sketch.id, 1)).digest
    return make_build(session, account=account, sketch=sketch, state=BuildState.QUEUED, sources_digest=digest)


@pytest.fixture
def run(
    session: Session,
    build: Build,
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Compile], Build]:
    """Runs the job of `build` with a compile of the test's own."""

    context = SimpleNamespace(
        name=WorkerName("worker"),
        runtime=replace(runtime, sessions=lambda: session),
        sessions=SimpleNamespace(remove=lambda: None),
        toolchain=None,
        cache=None,
    )
    monkeypatch.setattr(jobs, "worker_context", lambda: context)
    monkeypatch.setattr(jobs, "_die_with_worker", lambda: None)

    def play(compile_: Compile) -> Build:
        def stand_in(
            spec: BuildSpec, *, out_dir: Path, observer: CompileObserver, **_: object
        ) -> BuildResult:
            return compile_(spec, out_dir, observer)

        monkeypatch.setattr(jobs, "compile_sketch", stand_in)
        jobs.compile_build(build.id)
        return reread(session, build)

    return play


def succeed(_spec: BuildSpec, out_dir: Path, observer: CompileObserver) -> BuildResult:
    (out_dir / "firmware.bin").write_bytes(b"image")
    observer.on_line("Sketch uses 5 bytes")
    return BuildResult(state=BuildState.SUCCEEDED, compile_s=0.5)


def test_success_publishes_artifacts_and_log(
    run: Callable[[Compile], Build], artifacts: DiskArtifactStore, queue: FakeQueue
) -> None:
    build = run(succeed)
    assert build.state is BuildState.SUCCEEDED
    assert artifacts.artifact(build.id, "firmware.bin").read() == b"image"
    assert artifacts.read_log(build.id, 0, 100) == b"Sketch uses 5 bytes\n"
    assert queue.signed_off == [build.id]
    assert queue.beats == 1


def test_failure_leaves_no_artifacts_and_no_folder_in_the_making(
    run: Callable[[Compile], Build], artifacts: DiskArtifactStore
) -> None:
    def fail(_spec: BuildSpec, out_dir: Path, _observer: CompileObserver) -> BuildResult:
        (out_dir / "firmware.bin").write_bytes(b"half")
        return BuildResult(state=BuildState.FAILED, reason=FailureReason.COMPILE_ERROR, message="bad")

    build = run(fail)
    assert (build.state, build.reason, build.message) == (
        BuildState.FAILED,
        FailureReason.COMPILE_ERROR,
        "bad",
    )
    assert not artifacts.has_artifacts(build.id)
    assert [path for path in artifacts.root.rglob("*") if path.is_file()] == []


def test_our_own_fault_ends_the_build_as_internal(run: Callable[[Compile], Build]) -> None:
    def crash(_spec: BuildSpec, _out: Path, _observer: CompileObserver) -> BuildResult:
        raise ZeroDivisionError

    build = run(crash)
    assert (build.state, build.reason) == (BuildState.FAILED, FailureReason.INTERNAL)
    assert "not in your sketch" in build.message


def test_full_disk_is_named(run: Callable[[Compile], Build]) -> None:
    def full(_spec: BuildSpec, _out: Path, _observer: CompileObserver) -> BuildResult:
        raise Unavailable("disk_full", "full")

    build = run(full)
    assert (build.state, build.reason) == (BuildState.FAILED, FailureReason.DISK_FULL)


def test_sources_that_break_a_newer_rule_are_named(
    run: Callable[[Compile], Build], sketch_store: MemorySketchStore
) -> None:
    for files in sketch_store.stored.values():
        files["sketch.yaml"] = b""
    build = run(succeed)
    assert (build.state, build.reason) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert "sketch.yaml" in build.message


def test_sources_that_cannot_be_read_are_a_server_error(
    run: Callable[[Compile], Build], sketch_store: MemorySketchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_args: object) -> None:
        raise Unavailable("sources_unreadable", "The server cannot read these sources.")

    monkeypatch.setattr(sketch_store, "get", unreadable)
    assert run(succeed).reason is FailureReason.INTERNAL


def test_stage_and_lines_are_told_while_it_runs(
    run: Callable[[Compile], Build], events: RecordingEvents, artifacts: DiskArtifactStore, build: Build
) -> None:
    def slow(_spec: BuildSpec, _out: Path, observer: CompileObserver) -> BuildResult:
        observer.on_line("one")
        observer.on_stage(Stage.LINKING)
        assert not observer.is_cancelled()
        assert artifacts.read_log(build.id, 0, 100) == b"one\n"
        return BuildResult(state=BuildState.CANCELLED)

    run(slow)
    stages = [event.body["stage"] for event in events.named(EventName.BUILD_CHANGED)]
    assert Stage.LINKING in stages


def test_stop_reaches_the_compile(run: Callable[[Compile], Build], queue: FakeQueue, build: Build) -> None:
    asked: list[bool] = []

    def look(_spec: BuildSpec, _out: Path, observer: CompileObserver) -> BuildResult:
        queue.cancelled.append(build.id)
        asked.append(observer.is_cancelled())
        return BuildResult(state=BuildState.CANCELLED)

    assert run(look).state is BuildState.CANCELLED
    assert asked == [True]


def test_redis_that_goes_away_does_not_end_the_build(
    run: Callable[[Compile], Build], queue: FakeQueue
) -> None:
    def lose_redis(spec: BuildSpec, out_dir: Path, observer: CompileObserver) -> BuildResult:
        queue.away = True
        assert not observer.is_cancelled()
        return succeed(spec, out_dir, observer)

    assert run(lose_redis).state is BuildState.SUCCEEDED


def test_ended_build_is_not_compiled_again(run: Callable[[Compile], Build]) -> None:
    run(succeed)
    calls: list[BuildSpec] = []

    def count(spec: BuildSpec, _out: Path, _observer: CompileObserver) -> BuildResult:
        calls.append(spec)
        return BuildResult(state=BuildState.CANCELLED)

    assert run(count).state is BuildState.SUCCEEDED
    assert calls == []
