"""Back to the last good image: offered to a bot whose trigger button a person pressed twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.builds.artifact_store import ArtifactStore
from app.devices.rules import CheckIn, Wish
from app.devices.tables import Device
from app.kernel.errors import Unavailable
from app.toolchain.rules import Fqbn
from app.updates.release_rules import fits
from app.updates.releases import image_of
from app.updates.rules import OPEN_STATES, UpdateEvent, UpdateState
from app.updates.service import add, move
from app.updates.tables import Release, Update

# Images that are gone from the disk lie at the old end; who is further back finds nothing good.
_LOOKED_AT = 20


def offer(
    session: Session,
    *,
    device_id: str,
    said: CheckIn,
    chip: str,
    artifacts: ArtifactStore,
    now: datetime,
) -> tuple[str, Release] | None:
    """Make an update to the last good image and offer it, inside the check-in's write transaction.

    It is the image of the newest confirmed update that the bot does not run now, whose file is still
    there and which fits the bot's board. None if there is no such image or an update is open.

    Args:
        chip: the bot's chip; empty if unknown.

    Returns:
        The id of the update and its release.
    """
    # The check-in holds the row, so whoever sends meanwhile comes before or after.
    device = session.get_one(Device, device_id, populate_existing=True)
    opened = select(Update.id).where(Update.device_id == device_id, Update.state.in_(OPEN_STATES))
    if session.execute(opened).first() is not None:
        return None
    release = _last_good(session, device_id, said, chip, artifacts)
    if release is None:
        return None
    row = add(session, device, release, now=now, wish=Wish.FORMER)
    session.flush()
    move(session, update_id=row.id, event=UpdateEvent.OFFER, now=now, trigger=said.trigger, offered_at=now)
    return row.id, release


def _last_good(
    session: Session, device_id: str, said: CheckIn, chip: str, artifacts: ArtifactStore
) -> Release | None:
    query = (
        select(Release)
        .join(Update, Update.release_id == Release.id)
        .where(
            Update.device_id == device_id,
            Update.state == UpdateState.CONFIRMED,
            Release.image_digest != said.image_digest,
        )
        .order_by(Update.ended_at.desc(), Update.id)
        .limit(_LOOKED_AT)
    )
    for release in session.scalars(query):
        fit = fits(chip=release.chip, fqbn=Fqbn(release.fqbn), bot_chip=chip, bot_board=said.board)
        if fit and _is_there(release, artifacts):
            return release
    return None


def _is_there(release: Release, artifacts: ArtifactStore) -> bool:
    try:
        image_of(release, artifacts=artifacts)
    except Unavailable:
        return False
    return True
