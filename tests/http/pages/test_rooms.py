"""Who may listen."""

from sqlalchemy.orm import Session

from app.events.names import MAINTAINERS_ROOM, TOOLCHAIN_ROOM, account_room, build_room
from app.http.pages.rooms import may_join, own_rooms
from app.kernel.actor import AccountId, Actor, Role
from tests.factories import actor_of, make_account, make_build


def test_an_owner_hears_the_own_account_and_the_toolchain() -> None:
    assert own_rooms(Actor(account_id=AccountId("1"), role=Role.OWNER)) == ["account:1", TOOLCHAIN_ROOM]


def test_a_maintainer_hears_of_every_bot() -> None:
    assert MAINTAINERS_ROOM in own_rooms(Actor(account_id=AccountId("1"), role=Role.MAINTAINER))


def test_only_the_owner_of_a_build_hears_its_log(session: Session) -> None:
    owner, stranger = make_account(session), make_account(session)
    room = build_room(make_build(session, account=owner).id)
    assert may_join(session, actor_of(owner), room)
    assert not may_join(session, actor_of(stranger), room)


def test_no_other_room_can_be_asked_for(session: Session) -> None:
    owner, other = make_account(session), make_account(session)
    for room in (account_room(other.id), account_room(owner.id), MAINTAINERS_ROOM, "", "build:", "build:x"):
        assert not may_join(session, actor_of(owner), room)
