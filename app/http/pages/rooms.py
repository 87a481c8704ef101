"""Who may listen to which room."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.builds.tables import Build
from app.events.names import MAINTAINERS_ROOM, TOOLCHAIN_ROOM, account_room
from app.kernel.actor import Actor, Role


def own_rooms(actor: Actor) -> list[str]:
    """The rooms a page is in as soon as it is connected."""
    rooms = [account_room(actor.account_id), TOOLCHAIN_ROOM]
    return [*rooms, MAINTAINERS_ROOM] if actor.role is Role.MAINTAINER else rooms


def may_join(session: Session, actor: Actor, room: str) -> bool:
    """Whether an account may join a room: only those of its own builds' logs."""
    kind, _, name = room.partition(":")
    if kind != "build":
        return False
    return bool(
        session.scalar(select(exists().where(Build.id == name, Build.account_id == actor.account_id)))
    )
