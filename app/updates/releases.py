"""Releases: the images that were offered to devices."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.builds.artifact_store import Artifact, ArtifactStore
from app.builds.images import ImageFacts, check_image, read_image
from app.builds.rules import FIRMWARE_NAME, BuildState
from app.builds.tables import Build
from app.devices import service as devices
from app.devices.tables import Device
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from app.kernel.transaction import held
from app.sketches.store import SketchStore
from app.updates.payload import FirmwarePayload
from app.updates.rules import ReleaseId, fits
from app.updates.running import firmware_of
from app.updates.tables import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedImage:
    """An image that passed the gate, and the MD5 that Arduino's HTTPUpdate wants to know."""

    facts: ImageFacts
    md5: str


class Releases:
    """Images that were offered to bots, and what bots make of them."""

    def __init__(
        self, *, sessions: Callable[[], Session], artifacts: ArtifactStore, sketches: SketchStore
    ) -> None:
        self._sessions = sessions
        self._artifacts = artifacts
        self._sketches = sketches

    def image(self, release: Release) -> Artifact:
        """The stored image of a release.

        Raises:
            Unavailable: it is gone from the disk or was cut short.
        """
        return image_of(release, artifacts=self._artifacts)

    def running_on(self, actor: Actor, device_id: str) -> FirmwarePayload:
        """What a device runs, by the digest it reported last.

        Raises:
            NotFound: no such device that the actor may see.
        """
        session = self._sessions()
        device = devices.get(session, account_id=actor.scope, device_id=device_id)
        return firmware_of(session, device, sketches=self._sketches)


def find_build(session: Session, *, account_id: str, build_id: str) -> Build:
    """A finished build of an account.

    Raises:
        NotFound: no such build of this account.
        Conflict: it did not succeed, so there is nothing to send.
    """
    build = session.scalar(select(Build).where(Build.id == build_id, Build.account_id == account_id))
    if build is None:
        raise NotFound("no_such_build", "There is no such build.")
    if build.state is not BuildState.SUCCEEDED:
        raise Conflict(
            "build_not_finished",
            "Only a build that succeeded can be sent. Compile again first.",
            {"state": build.state},
        )
    return build


def check_for(device: Device, build: Build, *, artifacts: ArtifactStore) -> CheckedImage:
    """Read a build's image again and make sure that this bot may boot it.

    Raises:
        NotFound: the image is gone from the disk.
        Conflict: the image on the disk is not the one that was built.
        Invalid: it is damaged, made for another chip or board, or larger than the slot.
    """
    data = artifacts.artifact(build.id, FIRMWARE_NAME).read()
    facts = read_image(data)
    if facts.sha256 != build.sha256 or facts.image_digest != build.image_digest:
        raise Conflict(
            "image_changed", "The image on the server differs from the one that was built. Compile again."
        )
    check_image(facts, chip=device.chip or build.chip, slot_bytes=build.slot_bytes)
    if not fits(chip=build.chip, fqbn=build.fqbn, bot_chip=device.chip, bot_board=device.board):
        raise Invalid(
            "wrong_board",
            f"The image is built for {build.fqbn}, but the bot is a {device.board}.",
            {"image": build.fqbn, "bot": device.board},
        )
    return CheckedImage(facts=facts, md5=hashlib.md5(data, usedforsecurity=False).hexdigest())


def of_build(session: Session, *, build: Build, image: CheckedImage, now: datetime) -> Release:
    """The release of a build, made at its first sending; part of the caller's write transaction."""
    session.execute(held(select(Build.id).where(Build.id == build.id)))
    existing = session.scalar(select(Release).where(Release.build_id == build.id).limit(1))
    if existing is not None:
        return existing
    release = _new(build, image, now)
    session.add(release)
    session.flush()
    return release


def image_of(release: Release, *, artifacts: ArtifactStore) -> Artifact:
    """The stored image of a release.

    Raises:
        Unavailable: it is gone from the disk or was cut short.
    """
    try:
        image = artifacts.artifact(release.artifact_id, FIRMWARE_NAME)
    except NotFound:
        raise _gone() from None
    if image.size_bytes != release.size_bytes:
        raise _gone()
    return image


def _gone() -> Unavailable:
    return Unavailable("image_gone", "The image is no longer on the server. Compile and send it again.")


def _new(build: Build, image: CheckedImage, now: datetime) -> Release:
    return Release(
        id=ReleaseId(uuid4().hex),
        account_id=build.account_id,
        build_id=build.id,
        artifact_id=build.id,
        name=build.sketch_name,
        version=f"r{build.sketch_revision}",
        fqbn=build.fqbn,
        chip=build.chip,
        size_bytes=image.facts.size_bytes,
        sha256=image.facts.sha256,
        md5=image.md5,
        image_digest=image.facts.image_digest,
        created_at=now,
    )
