"""The rehearsal: afterwards no statement of a build needs compiling, and nothing else has changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from app.accounts.tables import Account
from app.builds import runs as build_runs
from app.builds.artifact_store import DiskArtifactStore
from app.builds.images import ImageFacts
from app.builds.rules import ArtifactFacts, BuildId, BuildResult, BuildState, LibraryUse, SectionSize, Stage
from app.builds.runs import RunParts
from app.builds.tables import Build
from app.kernel.database import make_sessions, open_engine
from app.kernel.tables import Base
from app.toolchain import service as boards
from compiler_worker.worker.warm_up import rehearse
from tests.factories import make_account, make_build
from tests.fakes import FakeQueue, FixedClock, RecordingEvents

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


@pytest.fixture
def parts(artifacts: DiskArtifactStore, queue: FakeQueue, clock: FixedClock) -> RunParts:
    return RunParts(artifacts=artifacts, queue=queue, events=RecordingEvents(), clock=clock)


def _count(session: Session) -> tuple[int | None, int | None]:
    return (
        session.scalar(select(func.count()).select_from(Build)),
        session.scalar(select(func.count()).select_from(Account)),
    )


def test_nothing_of_a_rehearsal_stays_and_nobody_hears_of_it(
    engine: Engine, parts: RunParts, queue: FakeQueue
) -> None:
    rehearse(engine, parts)
    with make_sessions(engine)() as session:
        assert _count(session) == (0, 0)
    assert isinstance(parts.events, RecordingEvents)
    assert parts.events.events == []
    assert queue.waiting == []


def test_after_a_rehearsal_a_build_compiles_no_statement(
    engine: Engine, parts: RunParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_sessions(engine)() as session:
        build_id = BuildId(make_build(session, account=make_account(session), state=BuildState.QUEUED).id)
    rehearse(engine, parts)
    compiled: list[object] = []
    compile_statement = SQLCompiler.__init__

    def counted(self: SQLCompiler, dialect: object, statement: object, **options: object) -> None:
        compiled.append(statement)
        compile_statement(self, dialect, statement, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(SQLCompiler, "__init__", counted)
    with make_sessions(engine)() as session:
        build_runs.start(session, build_id=build_id, parts=parts)
        boards.read_catalog(session)
        build_runs.set_stage(session, build_id=build_id, stage=Stage.COMPILING_SKETCH, parts=parts)
        assert build_runs.finish(session, build_id=build_id, result=SUCCESS, parts=parts)
    monkeypatch.undo()
    assert [str(statement) for statement in compiled] == []
