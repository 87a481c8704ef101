"""The socket: strangers are refused, rooms go by permission."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.events.names import account_room, build_room
from app.http.extensions import socketio
from tests.factories import make_account, make_build
from tests.fakes import RecordingEvents

Login = Callable[[FlaskClient, Account], FlaskClient]


def _socket(app: APIFlask, client: FlaskClient) -> SocketIOTestClient:
    return socketio.test_client(app, flask_test_client=client)


@pytest.fixture
def owner(session: Session) -> Account:
    return make_account(session)


def test_a_stranger_is_refused(app: APIFlask, client: FlaskClient) -> None:
    assert not _socket(app, client).is_connected()


def test_an_account_that_must_change_its_password_is_refused(
    app: APIFlask, client: FlaskClient, session: Session, login: Login
) -> None:
    account = make_account(session, must_change_password=True)
    assert not _socket(app, login(client, account)).is_connected()


def test_an_owner_hears_the_own_account_only(
    app: APIFlask, client: FlaskClient, owner: Account, session: Session, login: Login
) -> None:
    socket = _socket(app, login(client, owner))
    assert socket.is_connected()
    socketio.emit("build.changed", {"id": "mine"}, to=account_room(owner.id))
    socketio.emit("build.changed", {"id": "other"}, to=account_room(make_account(session).id))
    assert [event["args"][0]["id"] for event in socket.get_received()] == ["mine"]


def test_the_log_of_an_own_build_can_be_joined_and_left(
    app: APIFlask, client: FlaskClient, owner: Account, session: Session, login: Login
) -> None:
    socket = _socket(app, login(client, owner))
    room = build_room(make_build(session, account=owner).id)
    assert socket.emit("subscribe", {"room": room}, callback=True) == {"ok": True}
    socketio.emit("build.log", {"text": "a"}, to=room)
    assert len(socket.get_received()) == 1
    assert socket.emit("unsubscribe", {"room": room}, callback=True) == {"ok": True}
    socketio.emit("build.log", {"text": "b"}, to=room)
    assert socket.get_received() == []


def test_the_sockets_of_an_account_are_known_while_they_are_open(
    app: APIFlask, client: FlaskClient, owner: Account, events: RecordingEvents, login: Login
) -> None:
    socket = _socket(app, login(client, owner))
    assert [account_id for account_id, _ in events.sockets] == [owner.id]
    socket.disconnect()
    assert events.sockets == []


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"room": 5},
        {"room": "x" * 1000},
        {"room": "maintainers"},
        {"room": "build:\ud800"},
        {"room": "build:\0"},
        ["room"],
    ],
)
def test_other_rooms_and_nonsense_are_refused(
    app: APIFlask, client: FlaskClient, owner: Account, login: Login, body: object
) -> None:
    socket = _socket(app, login(client, owner))
    assert socket.emit("subscribe", body, callback=True) == {"ok": False, "code": "no_such_room"}


def test_somebody_elses_build_is_refused(
    app: APIFlask, client: FlaskClient, owner: Account, session: Session, login: Login
) -> None:
    room = build_room(make_build(session, account=make_account(session)).id)
    socket = _socket(app, login(client, owner))
    assert socket.emit("subscribe", {"room": room}, callback=True) == {"ok": False, "code": "no_such_room"}
