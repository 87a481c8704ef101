"""Which firmware a bot runs: found by the digest it reports, among all that this server made or was given.

What an image says of itself counts for foreign images only: the descriptor of an ESP32 image describes the
libraries of its core, the same in every sketch.
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.builds.rules import BuildState
from app.builds.tables import Build
from app.devices.tables import Device
from app.kernel.errors import NotFound, Unavailable
from app.sketches.rules import SketchId, changed_lines, renamed
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch, SketchRevision
from app.updates.payload import FirmwarePayload, RunningPayload
from app.updates.rules import FirmwareKind
from app.updates.tables import Release, Update


def firmware_of(session: Session, device: Device, *, sketches: SketchStore) -> FirmwarePayload:
    """What a device runs, and how far that is from the newest revision of the same sketch."""
    build = _build_of(session, device) if device.image_digest else None
    sketch = session.get(Sketch, build.sketch_id) if build and build.sketch_id else None
    return {
        "device_id": device.id,
        "image_digest": device.image_digest,
        "running": _of_build(build) if build else _without_build(session, device),
        "newest_revision": sketch.revision if sketch else None,
        "changed_lines": _changed_lines(session, build, sketch, sketches) if build and sketch else None,
    }


def _build_of(session: Session, device: Device) -> Build | None:
    """The build of the image: the one last sent, if the same image was built from several revisions."""
    sent = (
        select(Build)
        .join(Release, Release.build_id == Build.id)
        .join(Update, Update.release_id == Release.id)
        .where(Update.device_id == device.id, Release.image_digest == device.image_digest)
        .order_by(Update.created_at.desc(), Update.id)
        .limit(1)
    )
    return session.scalar(sent) or session.scalar(_newest_build(device))


def _newest_build(device: Device) -> Select[Build]:
    return (
        select(Build)
        .where(
            Build.image_digest == device.image_digest,
            Build.account_id == device.account_id,
            Build.state == BuildState.SUCCEEDED,
        )
        .order_by(Build.created_at.desc(), Build.id)
        .limit(1)
    )


def _of_build(build: Build) -> RunningPayload:
    return {
        "kind": FirmwareKind.REVISION,
        "name": build.sketch_name,
        "version": f"r{build.sketch_revision}",
        "sketch_id": build.sketch_id,
        "revision": build.sketch_revision,
        "build_id": build.id,
    }


def _without_build(session: Session, device: Device) -> RunningPayload:
    release = session.scalar(
        select(Release)
        .where(Release.image_digest == device.image_digest, Release.account_id == device.account_id)
        .order_by(Release.created_at.desc(), Release.id)
        .limit(1)
    )
    kind = FirmwareKind.FOREIGN if device.image_digest else FirmwareKind.UNKNOWN
    return {
        "kind": FirmwareKind.RELEASE if release else kind,
        "name": release.name if release else "",
        "version": release.version if release else device.version,
        "sketch_id": None,
        "revision": None,
        "build_id": None,
    }


def _changed_lines(session: Session, build: Build, sketch: Sketch, sketches: SketchStore) -> int | None:
    newest = session.get_one(SketchRevision, (sketch.id, sketch.revision))
    if newest.digest == build.sources_digest:
        return 0
    before = _sources(sketches, sketch.id, build.sources_digest)
    after = _sources(sketches, sketch.id, newest.digest)
    if before is None or after is None:
        return None
    return changed_lines(renamed(before, build.sketch_name, newest.sketch_name), after)


def _sources(sketches: SketchStore, sketch_id: SketchId, digest: str) -> dict[str, bytes] | None:
    try:
        return sketches.get(sketch_id, digest)
    except (NotFound, Unavailable):
        # Old revisions are pruned; that the bot runs one is still worth telling.
        return None
