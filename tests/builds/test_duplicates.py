"""Twins."""

from sqlalchemy.orm import Session

from app.builds.artifact_store import DiskArtifactStore
from app.builds.duplicates import adopt_twin, find_twin
from app.builds.rules import BuildId, BuildState
from tests.factories import make_account, make_build
from tests.fakes import START


def test_a_twin_without_its_files_is_none(session: Session, artifacts: DiskArtifactStore) -> None:
    account = make_account(session)
    make_build(session, account=account, cache_key="k" * 64)
    build = make_build(session, account=account, state=BuildState.QUEUED, cache_key="k" * 64)
    assert find_twin(session, build, artifacts) is None


def test_a_twin_that_vanishes_while_it_is_adopted_leaves_the_build_queued(
    session: Session, artifacts: DiskArtifactStore
) -> None:
    account = make_account(session)
    twin = make_build(session, account=account, cache_key="k" * 64)
    build = make_build(session, account=account, state=BuildState.QUEUED, cache_key="k" * 64)
    assert not adopt_twin(build, twin, artifacts=artifacts, now=START)
    assert build.state is BuildState.QUEUED


def test_an_adopted_build_has_no_compile_time_of_its_own(
    session: Session, artifacts: DiskArtifactStore
) -> None:
    account = make_account(session)
    twin = make_build(session, account=account, cache_key="k" * 64, compile_s=9.0)
    output = artifacts.new_output(BuildId(twin.id))
    (output / "firmware.bin").write_bytes(b"x")
    artifacts.publish(BuildId(twin.id), output)
    artifacts.append_log(BuildId(twin.id), b"log\n")
    build = make_build(session, account=account, state=BuildState.QUEUED, cache_key="k" * 64)
    assert adopt_twin(build, twin, artifacts=artifacts, now=START)
    assert build.compile_s == 0.0
    assert build.sha256 == twin.sha256
