"""Duplicates: finished builds of the same sources for the same board by the same tools."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.builds import rules as builds
from app.builds.artifact_store import ArtifactStore
from app.builds.rules import BuildEvent, BuildState
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
    "built_clean",
)


def adopt_duplicate(session: Session, build: Build, *, artifacts: ArtifactStore, now: datetime) -> bool:
    """End a queued build with the artifacts of a duplicate; False if there is none that it may have."""
    duplicate = find_duplicate(session, build, artifacts)
    if duplicate is None:
        return False
    try:
        artifacts.adopt(build.id, duplicate.id)
    except NotFound:
        # They were removed a moment ago.
        return False
    for name in _COPIED:
        setattr(build, name, getattr(duplicate, name))
    build.state = builds.advance(build.state, BuildEvent.SUCCEED)
    build.started_at = now
    build.finished_at = now
    build.revision += 1
    return True


def find_duplicate(session: Session, build: Build, artifacts: ArtifactStore) -> Build | None:
    """A succeeded build whose artifacts this build may take.

    Another account's must be built clean: a hostile sketch can spoil its own build cache, and what the
    next compile in that cache gives must be trusted by nobody else.
    """
    query = (
        select(Build)
        .where(Build.cache_key == build.cache_key, Build.state == BuildState.SUCCEEDED, Build.id != build.id)
        .where(or_(Build.account_id == build.account_id, Build.built_clean))
        .order_by(Build.finished_at.desc())
        .limit(1)
    )
    duplicate = session.scalar(query)
    return duplicate if duplicate is not None and artifacts.has_artifacts(duplicate.id) else None
