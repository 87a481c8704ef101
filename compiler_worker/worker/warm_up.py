"""The statements of a build, run once before the first one.

SQLAlchemy turns a statement into SQL when it first meets it, which takes milliseconds. A work horse
lives for one build only; it inherits the memory of its worker, and so what the worker has rehearsed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds import runs as build_runs
from app.builds.images import ImageFacts
from app.builds.rules import ArtifactFacts, BuildId, BuildResult, BuildState, LibraryUse, SectionSize, Stage
from app.builds.runs import RunParts
from app.builds.tables import Build
from app.events.names import EventName
from app.kernel.actor import Role
from app.toolchain import service as boards

# The columns that a statement sets are those that change, so this has a value wherever a real result has.
_RESULT = BuildResult(
    state=BuildState.SUCCEEDED,
    sizes=(SectionSize(name="text", size_bytes=1, max_bytes=1),),
    libraries=(LibraryUse(name="AirsketchBot", version="1"),),
    artifacts=(ArtifactFacts(name="firmware.bin", size_bytes=1, sha256="0"),),
    image=ImageFacts(
        chip="virtual", size_bytes=1, sha256="0", image_digest="0", version="1", project="Rehearsal"
    ),
    core_version="1",
    tool_version="1",
    compile_s=1.0,
)


def rehearse(engine: Engine, parts: RunParts) -> None:
    """Take a made-up build from its start to its end; nobody hears of it, and nothing of it stays."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            _play(session, replace(parts, events=_Silence()))
        transaction.rollback()


def _play(session: Session, parts: RunParts) -> None:
    build = _made_up_build(parts.clock.now())
    session.add_all((build, _made_up_account(build)))
    session.commit()
    build_id = BuildId(build.id)
    build_runs.start(session, build_id=build_id, parts=parts)
    boards.read_catalog(session)
    build_runs.set_stage(session, build_id=build_id, stage=Stage.LINKING, parts=parts)
    build_runs.finish(session, build_id=build_id, result=_RESULT, parts=parts)


def _made_up_build(now: datetime) -> Build:
    return Build(
        id=uuid4().hex,
        account_id=uuid4().hex,
        sketch_name="Rehearsal",
        sketch_revision=1,
        fqbn="airsketch:virtual:bot",
        chip="",
        slot_bytes=0,
        snapshot_digest="",
        cache_key=uuid4().hex,
        state=BuildState.QUEUED,
        created_at=now,
    )


def _made_up_account(build: Build) -> Account:
    return Account(
        id=build.account_id,
        login_name=build.account_id,
        role=Role.OWNER,
        password_hash="",
        created_at=build.created_at,
    )


class _Silence:
    """The EventPublisher of a rehearsal."""

    def publish(self, name: EventName, rooms: Iterable[str], body: Mapping[str, object]) -> None:
        """Tell nobody."""

    def disconnect(self, account_id: str) -> None:
        """Disconnect nobody."""
