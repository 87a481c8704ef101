"""The static link `/<product_id>.ino.bin`: the image last sent to a bot, for HTTPUpdate and browsers."""

import re
from enum import Enum, auto

from flask import Blueprint, Response, abort, request
from flask_login import current_user

from app.devices.credentials import Credentials
from app.devices.rules import Admission, link_name
from app.http.device.auth import credentials_of, holds_key
from app.http.device.images import count, image_answer
from app.http.responses import current_runtime, problem
from app.updates.rules import OPEN_STATES, UpdateState
from app.updates.tables import Release, Update

bp = Blueprint("static_link", __name__)

_SKETCH_MODE = "sketch"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Visitor(Enum):
    """Who made the request: only the bot's own requests reveal the state of the bot."""

    BOT = auto()
    PERSON = auto()


@bp.get("/<product_id>.ino.bin")
def image(product_id: str) -> Response:
    """The image last sent to this bot; 304 if the bot runs it already, 404 if there is none yet."""
    running = _running_digest()
    visitor = _admit(product_id, running)
    _refuse_file_systems()
    # Its owner may hold its key too, but only the bot itself says what it runs.
    moves = visitor is _Visitor.BOT and bool(running) and request.method == "GET"
    release, row = _linked(product_id, running if moves else "")
    if running and _has_nothing_for(release, row, running):
        return _not_modified(release)
    stored = current_runtime().releases.image(release)
    answer = image_answer(stored, release, name=link_name(product_id))
    if moves and row is not None and row.state in OPEN_STATES:
        count(answer, stored, release, row.id, installs=True)
    return answer


def _admit(product_id: str, running: str) -> _Visitor:
    """Admit the bot, its owner and, if the link is public, anybody.

    On an open link a request in the manner of HTTPUpdate is taken for the bot's, unless the bot is
    one that signs its calls: then a stranger must not be able to speak for it.
    """
    credentials = credentials_of(product_id)
    if holds_key(product_id, credentials):
        return _accepted(credentials, _Visitor.BOT)
    if (
        credentials is not None
        and current_user.is_authenticated
        and current_user.account_id == credentials.owner_id
    ):
        return _Visitor.PERSON
    if credentials is None or not credentials.link_is_open:
        refusal = problem(401, "unauthorised", "Send this bot's product id and key, or log in as its owner.")
        refusal.headers["WWW-Authenticate"] = 'Basic realm="Airsketch bot", charset="UTF-8"'
        abort(refusal)
    return _accepted(credentials, _Visitor.BOT if running and not credentials.signs else _Visitor.PERSON)


def _accepted(credentials: Credentials | None, visitor: _Visitor) -> _Visitor:
    if credentials is not None and credentials.admission is not Admission.ACCEPTED:
        abort(problem(403, "not_accepted", "This bot's access has been revoked."))
    return visitor


def _refuse_file_systems() -> None:
    """Refuse what is not for a sketch: HTTPUpdate would write the sketch over the bot's files.

    404 and 403 are the refusals that it has an error of its own for (HTTPUpdate.cpp, `handleUpdate`).
    """
    if request.headers.get("x-ESP32-mode", _SKETCH_MODE).lower() != _SKETCH_MODE:
        abort(problem(404, "no_file_system", "Only sketches are sent to bots, never file systems."))


def _running_digest() -> str:
    """The digest of the image that the requesting bot runs; empty if it is not reported."""
    reported = request.headers.get("x-ESP32-sketch-sha256", "").lower()
    return reported if _DIGEST.fullmatch(reported) else ""


def _linked(product_id: str, running: str) -> tuple[Release, Update | None]:
    downloads = current_runtime().downloads
    if running:
        downloads.running(product_id, running)
    found = downloads.linked(product_id)
    if found is None:
        abort(
            problem(
                404, "nothing_sent", "No firmware has been sent to this bot yet. Press “Send to bot” first."
            )
        )
    return found


def _has_nothing_for(release: Release, row: Update | None, running: str) -> bool:
    """Whether the bot runs the image already, or came back from it: serving it again would never end."""
    rolled_back = row is not None and row.state is UpdateState.ROLLED_BACK
    return running == release.image_digest or rolled_back


def _not_modified(release: Release) -> Response:
    answer = Response(status=304)
    answer.set_etag(release.sha256)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
