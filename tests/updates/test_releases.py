"""Releases: the gate before sending, and one release a build."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildState
from app.kernel.errors import AppError, Conflict, NotFound, Unavailable
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.updates import releases
from app.updates.tables import Release
from tests.builds.test_images import esp_image
from tests.factories import make_account, make_build, make_device
from tests.fakes import START
from tests.firmware import built, path_of, virtual_image


@pytest.mark.parametrize("state", [BuildState.FAILED, BuildState.RUNNING, BuildState.LOST])
def test_only_a_succeeded_build_is_found(session: Session, state: BuildState) -> None:
    account = make_account(session)
    build = make_build(session, account=account, state=state)
    with pytest.raises(Conflict) as caught:
        releases.find_build(session, account_id=account.id, build_id=build.id)
    assert caught.value.code == "build_not_finished"


def test_another_owners_build_is_not_there(session: Session) -> None:
    build = make_build(session, account=make_account(session))
    with pytest.raises(NotFound):
        releases.find_build(session, account_id=make_account(session).id, build_id=build.id)


@pytest.mark.parametrize(
    ("device", "build", "code"),
    [
        ({"chip": "esp32c3", "board": "esp32:esp32:esp32c3"}, {}, "wrong_chip"),
        ({"board": "esp32:esp32:esp32c3"}, {}, "wrong_board"),
        ({}, {"slot_bytes": 50}, "image_too_big"),
        ({}, {"sha256": "0" * 64}, "image_changed"),
    ],
)
def test_an_image_that_the_bot_could_not_boot_is_refused(
    session: Session,
    secrets: SecretBox,
    artifacts: DiskArtifactStore,
    device: dict[str, Any],
    build: dict[str, Any],
    code: str,
) -> None:
    account = make_account(session)
    bot = make_device(session, secrets=secrets, account=account, **device)
    with pytest.raises(AppError) as caught:
        releases.check_for(bot, built(session, artifacts, account, **build), artifacts=artifacts)
    assert caught.value.code == code


def test_an_image_changed_on_the_disk_is_refused(
    session: Session, secrets: SecretBox, artifacts: DiskArtifactStore
) -> None:
    account = make_account(session)
    bot = make_device(session, secrets=secrets, account=account)
    build = built(session, artifacts, account)
    path_of(artifacts, build.id).write_bytes(virtual_image(version="other"))
    with pytest.raises(Conflict, match="Compile again"):
        releases.check_for(bot, build, artifacts=artifacts)


def test_an_esp32_release_keeps_both_digests(
    session: Session, secrets: SecretBox, artifacts: DiskArtifactStore
) -> None:
    account = make_account(session)
    data = esp_image()
    board = "esp32:esp32:esp32c3"
    build = built(session, artifacts, account, data, fqbn=board)
    bot = make_device(session, secrets=secrets, account=account, chip="esp32c3", board=board)
    image = releases.check_for(bot, build, artifacts=artifacts)
    with writing(session):
        release = releases.of_build(session, build=build, image=image, now=START)
    assert release.image_digest == data[-32:].hex()
    assert release.sha256 != release.image_digest
    assert len(release.md5) == 32


def test_a_build_has_one_release(session: Session, secrets: SecretBox, artifacts: DiskArtifactStore) -> None:
    account = make_account(session)
    bot = make_device(session, secrets=secrets, account=account)
    build = built(session, artifacts, account)
    image = releases.check_for(bot, build, artifacts=artifacts)
    ids = set()
    for _ in range(2):
        with writing(session):
            ids.add(releases.of_build(session, build=build, image=image, now=START).id)
    assert len(ids) == session.scalar(select(func.count()).select_from(Release)) == 1


def test_an_image_that_is_gone_or_cut_short_is_unavailable(
    session: Session, secrets: SecretBox, artifacts: DiskArtifactStore
) -> None:
    account = make_account(session)
    bot = make_device(session, secrets=secrets, account=account)
    build = built(session, artifacts, account)
    image = releases.check_for(bot, build, artifacts=artifacts)
    with writing(session):
        release = releases.of_build(session, build=build, image=image, now=START)
    path = path_of(artifacts, build.id)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Unavailable):
        releases.image_of(release, artifacts=artifacts)
    path.unlink()
    with pytest.raises(Unavailable):
        releases.image_of(release, artifacts=artifacts)
