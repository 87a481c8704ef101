"""Twins: finished builds of the same snapshot for the same board by the same tools."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.builds import rules as builds
from app.builds.artifact_store import ArtifactStore
from app.builds.rules import BuildEvent, BuildId, BuildState
from app.builds.tables import Build
from app.kernel.errors import NotFound

_COPIED = (
    "message",
    "diagnostics",
    "sizes",
    "libraries",
    "artifacts",
    "sha256",
    "image_digest",
    "image_bytes",
    "version",
    "core_version",
    "tool_version",
    "is_pristine",
)


def find_twin(session: Session, build: Build, artifacts: ArtifactStore) -> Build | None:
    """A succeeded build whose artifacts this build may take.

    Another account's must be pristine: a hostile sketch can spoil its own build cache, and what the
    next compile in that cache gives is to be believed by nobody else.
    """
    query = (
        select(Build)
        .where(Build.cache_key == build.cache_key, Build.state == BuildState.SUCCEEDED, Build.id != build.id)
        .where(or_(Build.account_id == build.account_id, Build.is_pristine))
        .order_by(Build.finished_at.desc())
        .limit(1)
    )
    twin = session.scalar(query)
    return twin if twin is not None and artifacts.has_artifacts(BuildId(twin.id)) else None


def adopt_twin(build: Build, twin: Build, *, artifacts: ArtifactStore, now: datetime) -> bool:
    """End a queued build with its twin's artifacts; False if they have just gone."""
    try:
        artifacts.adopt(BuildId(build.id), BuildId(twin.id))
    except NotFound:
        return False
    for name in _COPIED:
        setattr(build, name, getattr(twin, name))
    build.state = builds.advance(build.state, BuildEvent.SUCCEED)
    build.started_at = now
    build.finished_at = now
    build.revision += 1
    return True
