"""Duplicates."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.duplicates import adopt_duplicate, find_duplicate
from app.builds.rules import BuildId, BuildState
from app.builds.tables import Build
from app.kernel.errors import NotFound
from tests.factories import make_build
from tests.fakes import START


@pytest.fixture
def finished(session: Session, owner: Account) -> Build:
    return make_build(session, account=owner, cache_key="k" * 64, compile_s=9.0)


@pytest.fixture
def queued(session: Session, owner: Account) -> Build:
    return make_build(session, account=owner, state=BuildState.QUEUED, cache_key="k" * 64)


def test_a_duplicate_without_its_files_is_none(
    session: Session, finished: Build, queued: Build, artifacts: DiskArtifactStore
) -> None:
    assert find_duplicate(session, queued, artifacts) is None
    assert not adopt_duplicate(session, queued, artifacts=artifacts, now=START)


def test_a_duplicate_that_vanishes_while_it_is_adopted_leaves_the_build_queued(
    session: Session,
    finished: Build,
    queued: Build,
    artifacts: DiskArtifactStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    artifacts.publish(finished.id, [("firmware.bin", b"x")])

    def vanish(_build_id: BuildId, _source: BuildId) -> None:
        raise NotFound("no_such_artifact", "The artifacts of this build have been deleted.")

    monkeypatch.setattr(artifacts, "adopt", vanish)
    assert not adopt_duplicate(session, queued, artifacts=artifacts, now=START)
    assert queued.state is BuildState.QUEUED


def test_an_adopted_build_has_no_compile_time_of_its_own(
    session: Session, finished: Build, queued: Build, artifacts: DiskArtifactStore
) -> None:
    artifacts.publish(finished.id, [("firmware.bin", b"x")])
    artifacts.append_log(finished.id, b"log\n")
    assert adopt_duplicate(session, queued, artifacts=artifacts, now=START)
    assert queued.compile_s == 0.0
    assert queued.sha256 == finished.sha256
