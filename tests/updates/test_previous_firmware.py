"""The last good image: which one it is, and when there is none."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.devices.rules import Trigger
from app.devices.tables import Device
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.updates import previous_firmware
from app.updates.check_in.response import Offer
from app.updates.rules import UpdateState
from app.updates.tables import Release, Update
from tests.factories import make_account, make_device, make_release, make_update
from tests.fakes import START
from tests.firmware import built, path_of, virtual_image
from tests.updates.check_in.test_service import REPORT


@dataclass
class World:
    """A bot, and images it ran, one after the other."""

    session: Session
    artifacts: DiskArtifactStore
    account: Account
    device: Device
    minutes: int = 0

    def ran(self, version: str, state: UpdateState = UpdateState.CONFIRMED, **values: Any) -> Release:
        """An update to an image of its own; later than those before."""
        self.minutes += 1
        at = START + timedelta(minutes=self.minutes)
        build = built(self.session, self.artifacts, self.account, virtual_image(version), **values)
        release = make_release(self.session, build=build)
        make_update(
            self.session, device=self.device, release=release, state=state, created_at=at, ended_at=at
        )
        return release

    def offer(self, running: Release | None = None, chip: str = "virtual") -> Offer | None:
        digest = running.image_digest if running else REPORT.image_digest
        with writing(self.session):
            return previous_firmware.offer(
                self.session,
                device_id=self.device.id,
                report=replace(REPORT, image_digest=digest, wants_rollback=True),
                chip=chip,
                artifacts=self.artifacts,
                now=START + timedelta(hours=1),
            )

    def image(self, release: Release) -> str | None:
        """SHA-256 of what is offered while the bot runs `release`."""
        found = self.offer(release)
        return found.sha256 if found else None

    def updates(self) -> int:
        return self.session.scalar(select(func.count()).select_from(Update)) or 0


@pytest.fixture
def world(session: Session, artifacts: DiskArtifactStore, secrets: SecretBox) -> World:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    return World(session=session, artifacts=artifacts, account=account, device=device)


def test_the_newest_confirmed_image_that_does_not_run_now_is_offered(world: World) -> None:
    world.ran("1")
    good = world.ran("2")
    world.ran("3", UpdateState.ROLLED_BACK)
    found = world.offer(running=world.ran("4"))
    assert found is not None
    assert found.sha256 == good.sha256
    row = world.session.get_one(Update, found.update_id, populate_existing=True)
    assert (row.state, row.rollback_requested, row.trigger) == (UpdateState.OFFERED, True, Trigger.BUTTON)
    assert (row.offered_at, row.deadline_at is not None) == (START + timedelta(hours=1), True)


def test_an_image_that_was_never_confirmed_counts_as_running_too(world: World) -> None:
    good = world.ran("1")
    unknown = world.offer()
    assert unknown is not None
    assert unknown.sha256 == good.sha256


def test_a_bot_with_one_image_only_is_offered_nothing(world: World) -> None:
    only = world.ran("1")
    world.ran("2", UpdateState.FAILED)
    assert world.image(only) is None
    assert world.updates() == 2


def test_images_that_are_gone_or_cut_short_are_passed_over(world: World) -> None:
    good = world.ran("1")
    gone = world.ran("2")
    short = world.ran("3")
    path_of(world.artifacts, gone.artifact_id).unlink()
    path_of(world.artifacts, short.artifact_id).write_bytes(b"short")
    assert world.image(world.ran("4")) == good.sha256


def test_an_image_for_another_chip_is_passed_over(world: World) -> None:
    good = world.ran("1")
    world.ran("2", chip="esp32")
    assert world.image(world.ran("3")) == good.sha256


def test_what_another_bot_ran_is_not_offered(world: World, secrets: SecretBox) -> None:
    world.ran("1")
    world.device = make_device(world.session, secrets=secrets, account=world.account, product_id="bot_other")
    assert world.offer() is None


@pytest.mark.parametrize("state", [UpdateState.SCHEDULED, UpdateState.ARMED, UpdateState.VERIFYING])
def test_two_updates_are_never_open(world: World, state: UpdateState) -> None:
    world.ran("1")
    world.ran("2", state)
    assert world.offer() is None
    assert world.updates() == 2
