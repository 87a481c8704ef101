"""Updates: send a build to a bot, list, cancel."""

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from app.http.actor import current_account_id, current_actor
from app.http.extensions import limiter
from app.http.responses import current_runtime
from app.updates.payload import FirmwarePayload, UpdatePayload, of_update

bp = APIBlueprint("updates", __name__, url_prefix="/api/v1", tag="Updates")


class SendRequest(BaseModel):
    """Which build to send."""

    build_id: str = Field(max_length=64)


class SentAnswer(UpdatePayload):
    """`already_running`: the bot already runs this image; its next check-in confirms the update."""

    already_running: bool


@bp.post("/devices/<device_id>/send")
@limiter.limit("60/minute", key_func=current_account_id)
@bp.input(SendRequest, location="json")
@bp.doc(responses=[201, 409])
def send(device_id: str, json_data: SendRequest) -> tuple[SentAnswer, int]:
    """Send a build to a bot, which downloads it at its next check-in. An open update is superseded."""
    sent = current_runtime().updates.send(current_actor(), device_id, build_id=json_data.build_id)
    answer: SentAnswer = {**of_update(sent.update, sent.release), "already_running": sent.already_running}
    return answer, 201


@bp.get("/devices/<device_id>/updates")
def list_updates(device_id: str) -> dict[str, list[UpdatePayload]]:
    """List the latest updates of a bot, newest first."""
    rows = current_runtime().updates.list_updates(current_actor(), device_id)
    return {"updates": [of_update(row, release) for row, release in rows]}


@bp.get("/devices/<device_id>/firmware")
def read_firmware(device_id: str) -> FirmwarePayload:
    """Read what a bot runs, and how far that is from the newest revision of the same sketch."""
    return current_runtime().releases.running_on(current_actor(), device_id)


@bp.post("/updates/<update_id>/cancel")
@bp.doc(responses=[200, 409])
def cancel(update_id: str) -> UpdatePayload:
    """Cancel an update; possible until the bot has started to download it."""
    row, release = current_runtime().updates.cancel(current_actor(), update_id)
    return of_update(row, release)
