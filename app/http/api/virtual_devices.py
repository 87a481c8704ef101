"""Virtual bots: create one, move its key to this browser, set its allowed servers, list images for it."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from app.devices.payload import DevicePayload
from app.devices.rules import DeviceId
from app.http.actor import current_account_id, current_actor
from app.http.extensions import limiter
from app.http.responses import current_runtime
from app.kernel.times import iso
from app.virtual_devices.rules import MAX_ORIGIN_CHARS, MAX_ORIGINS
from app.virtual_devices.service import Handover, Rules

bp = APIBlueprint("virtual_devices", __name__, url_prefix="/api/v1", tag="Virtual bots")


class OriginsRequest(BaseModel):
    """Other servers that a bot's sketches may contact from its page: origins, no paths."""

    origins: list[Annotated[str, Field(max_length=MAX_ORIGIN_CHARS)]] = Field(
        max_length=MAX_ORIGINS, examples=[["https://api.example.org"]]
    )


class RulesAnswer(TypedDict):
    """Rules of a virtual bot: whether a browser holds its key, and which servers it may contact there."""

    is_taken: bool
    allowed_origins: list[str]


class HandoverAnswer(TypedDict):
    """A virtual bot with its key, 64 hex digits, which is returned only once."""

    device: DevicePayload
    device_key: str


class ImageAnswer(TypedDict):
    """A finished build for the virtual bot; its bytes are the build's artifact `firmware.bin`."""

    build_id: str
    sketch_id: str
    sketch_name: str
    image_bytes: int
    finished_at: str


@bp.post("/virtual-bots")
@limiter.limit("60/minute", key_func=current_account_id)
@bp.doc(responses=[201, 409])
def create_virtual_bot() -> tuple[HandoverAnswer, int]:
    """Create a bot that runs in the browser."""
    made = current_runtime().virtual_devices.create(current_actor())
    return _answer(made), 201


@bp.post("/virtual-bots/<device_id>/key")
@limiter.limit("10/minute", key_func=current_account_id)
@bp.doc(responses=[200, 409])
def renew_key(device_id: DeviceId) -> HandoverAnswer:
    """Give a virtual bot a new key for this browser; the old key is revoked."""
    renewed = current_runtime().virtual_devices.hand_over(current_actor(), device_id)
    return _answer(renewed)


@bp.get("/virtual-bots/<device_id>")
def read_rules(device_id: DeviceId) -> RulesAnswer:
    """Read whether a browser holds a virtual bot's key, and which other servers its sketches may contact."""
    return _rules(current_runtime().virtual_devices.rules(current_actor(), device_id))


@bp.put("/virtual-bots/<device_id>/origins")
@limiter.limit("30/minute", key_func=current_account_id)
@bp.input(OriginsRequest, location="json")
@bp.doc(responses=[200, 409])
def set_origins(device_id: DeviceId, json_data: OriginsRequest) -> RulesAnswer:
    """Set which other servers the sketches of a virtual bot may contact from its page."""
    runtime = current_runtime()
    changed = runtime.virtual_devices.set_origins(
        current_actor(),
        device_id,
        origins=json_data.origins,
        own=[request.host_url.rstrip("/"), runtime.settings.public_origin],
    )
    return _rules(changed)


@bp.get("/virtual-bots/images")
def list_images() -> dict[str, list[ImageAnswer]]:
    """List the newest finished build for the virtual bot of each sketch."""
    found = current_runtime().virtual_devices.images(current_actor())
    return {
        "images": [
            {
                "build_id": image.build_id,
                "sketch_id": image.sketch_id,
                "sketch_name": image.sketch_name,
                "image_bytes": image.image_bytes,
                "finished_at": iso(image.finished_at),
            }
            for image in found
        ]
    }


def _rules(rules: Rules) -> RulesAnswer:
    return {"is_taken": rules.is_taken, "allowed_origins": list(rules.allowed_origins)}


def _answer(handover: Handover) -> HandoverAnswer:
    device = current_runtime().devices.payload(handover.device)
    return {"device": device, "device_key": handover.key.hex()}
