"""The warm-up: afterwards no statement of a build needs compiling, and nothing else has changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from app.accounts.tables import Account
from app.builds.images import ImageFacts
from app.builds.rules import ArtifactFacts, BuildResult, BuildState, LibraryUse, SectionSize, Stage
from app.builds.tables import Build
from app.kernel.database import make_sessions, open_engine
from app.kernel.tables import Base
from app.runtime import Runtime
from app.sketches.tables import SketchRevision
from app.toolchain.rules import WorkerName
from compiler_worker.worker.warm_up import warm_up
from tests.factories import make_account, make_board, make_build, make_sketch
from tests.fakes import FakeQueue, MemorySketchStore, RecordingEvents

WORKER = WorkerName("worker")
SUCCESS = BuildResult(
    state=BuildState.SUCCEEDED,
    sizes=(SectionSize(name="text", size_bytes=10, max_bytes=20),),
    libraries=(LibraryUse(name="AirsketchBot", version="1.0"),),
    artifacts=(ArtifactFacts(name="firmware.bin", size_bytes=5, sha256="3" * 64),),
    image=ImageFacts(
        chip="virtual", size_bytes=5, sha256="1" * 64, image_digest="2" * 64, version="7", project="Blink"
    ),
    core_version="0.1.0",
    tool_version="1.5.1",
    compile_s=1.5,
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database file of its own: statements are remembered by engine."""
    engine = open_engine(f"sqlite:///{tmp_path}/airsketch.sqlite3")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def _count(session: Session) -> tuple[int | None, int | None]:
    return (
        session.scalar(select(func.count()).select_from(Build)),
        session.scalar(select(func.count()).select_from(Account)),
    )


def test_nothing_of_a_warm_up_stays_and_nobody_hears_of_it(
    engine: Engine, runtime: Runtime, events: RecordingEvents, queue: FakeQueue
) -> None:
    warm_up(engine, runtime, WORKER)
    with make_sessions(engine)() as session:
        assert _count(session) == (0, 0)
    assert events.events == []
    assert queue.waiting == []


def test_after_a_warm_up_a_build_compiles_no_statement(
    engine: Engine, runtime: Runtime, sketch_store: MemorySketchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_sessions(engine)() as session:
        make_board(session, worker=WORKER, fqbn="a:b:c")
        account = make_account(session)
        sketch = make_sketch(session, account=account, store=sketch_store)
        digest = session.get_one(SketchRevision, (sketch.id, 1)).digest
        build_id = make_build(
            session, account=account, sketch=sketch, state=BuildState.QUEUED, sources_digest=digest
        ).id
    warm_up(engine, runtime, WORKER)
    compiled: list[object] = []
    compile_statement = SQLCompiler.__init__

    def counted(self: SQLCompiler, dialect: object, statement: object, **options: object) -> None:
        compiled.append(statement)
        compile_statement(self, dialect, statement, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(SQLCompiler, "__init__", counted)
    with make_sessions(engine)() as session:
        runs = replace(runtime, sessions=lambda: session).build_runs
        catalog = replace(runtime, sessions=lambda: session).toolchain.catalog_of(WORKER)
        assert runs.start(build_id, catalog)
        runs.set_stage(build_id, Stage.COMPILING_SKETCH)
        assert runs.finish(build_id, SUCCESS)
    monkeypatch.undo()
    assert [str(statement) for statement in compiled] == []
