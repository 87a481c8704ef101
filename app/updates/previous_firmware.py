"""Rollback: the last good image is offered to a bot whose trigger button was pressed twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.builds.artifact_store import ArtifactStore
from app.devices.rules import CheckInReport
from app.devices.tables import Device
from app.kernel.errors import Unavailable
from app.updates.check_in.response import Offer
from app.updates.releases import image_of
from app.updates.rules import OPEN_STATES, UpdateEvent, UpdateState, fits
from app.updates.tables import Release, Update
from app.updates.transitions import arm, transition

# Only the oldest images have been deleted from the disk; there are no good ones before them.
_CONSIDERED = 20


def offer(
    session: Session,
    *,
    device_id: str,
    report: CheckInReport,
    chip: str,
    artifacts: ArtifactStore,
    now: datetime,
) -> Offer | None:
    """Create an update to the last good image and offer it, inside the check-in's write transaction.

    It is the image of the newest confirmed update that the bot does not run now, whose file is still
    there and which fits the bot's board. None if there is no such image or an update is open.

    Args:
        chip: the bot's chip; empty if unknown.
    """
    # The check-in holds the row, so a concurrent send comes before or after it.
    device = session.get_one(Device, device_id, populate_existing=True)
    opened = select(Update.id).where(Update.device_id == device_id, Update.state.in_(OPEN_STATES))
    if session.execute(opened).first() is not None:
        return None
    release = _last_good(session, device_id, report, chip, artifacts)
    if release is None:
        return None
    row, _ = arm(session, device, release, now=now, rollback_requested=True)
    transition(session, row.id, UpdateEvent.OFFER, now=now, trigger=report.trigger, offered_at=now)
    return Offer(
        update_id=row.id,
        release=release.name,
        version=release.version,
        size_bytes=release.size_bytes,
        sha256=release.sha256,
    )


def _last_good(
    session: Session, device_id: str, report: CheckInReport, chip: str, artifacts: ArtifactStore
) -> Release | None:
    query = (
        select(Release)
        .join(Update, Update.release_id == Release.id)
        .where(
            Update.device_id == device_id,
            Update.state == UpdateState.CONFIRMED,
            Release.image_digest != report.image_digest,
        )
        .order_by(Update.ended_at.desc(), Update.id)
        .limit(_CONSIDERED)
    )
    for release in session.scalars(query):
        fit = fits(chip=release.chip, fqbn=release.fqbn, bot_chip=chip, bot_board=report.board)
        if fit and _is_there(release, artifacts):
            return release
    return None


def _is_there(release: Release, artifacts: ArtifactStore) -> bool:
    try:
        image_of(release, artifacts=artifacts)
    except Unavailable:
        return False
    return True
