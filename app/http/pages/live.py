"""The one Socket.IO namespace: connect, subscribe, unsubscribe."""

from flask import request
from flask_login import current_user
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import Namespace, join_room, leave_room
from typing_extensions import TypedDict

from app.http.actor import current_account_id, current_actor
from app.http.pages.rooms import may_join, own_rooms
from app.http.responses import current_runtime

_MAX_ROOM_CHARS = 64


class Answer(TypedDict, total=False):
    """The acknowledgement of a subscription."""

    ok: bool
    code: str


class EventsNamespace(Namespace):
    """Events for logged-in pages.

    The session is that of the handshake; a log-out closes the socket from the server's side.
    """

    def on_connect(self, _auth: object = None) -> None:
        """Refuse strangers; put the page into the rooms of its account."""
        if not current_user.is_authenticated or current_user.must_change_password:
            raise Refused("not_logged_in")
        actor = current_actor()
        for room in own_rooms(actor):
            join_room(room)
        current_runtime().events.socket_opened(actor.account_id, _socket_id())

    def on_disconnect(self, _reason: object = None) -> None:
        """Forget the socket."""
        if current_user.is_authenticated:
            current_runtime().events.socket_closed(current_account_id(), _socket_id())

    def on_subscribe(self, body: object) -> Answer:
        """Join a room, if this account may."""
        room = _room_of(body)
        session = current_runtime().sessions()
        try:
            if not may_join(session, current_actor(), room):
                return {"ok": False, "code": "no_such_room"}
        finally:
            session.rollback()
        join_room(room)
        return {"ok": True}

    def on_unsubscribe(self, body: object) -> Answer:
        """Leave a room."""
        leave_room(_room_of(body))
        return {"ok": True}


def _socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def _room_of(body: object) -> str:
    room = body.get("room") if isinstance(body, dict) else None
    if not isinstance(room, str) or len(room) > _MAX_ROOM_CHARS:
        return ""
    # JSON can hold zero bytes and halves of characters, which no database takes.
    return room if room.isascii() and room.isprintable() else ""
