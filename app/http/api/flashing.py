"""The first flash over USB: its plan and files, and the keys of bots."""

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from app.builds.payload import BuildPayload, of_build
from app.devices.payload import DevicePayload
from app.devices.rules import DeviceId
from app.flashing.nvs_identity import MAX_PIN, Wiring, parse_server
from app.flashing.service import FlashSet
from app.http.actor import current_account_id, current_actor
from app.http.api.openapi import sends_file
from app.http.extensions import limiter
from app.http.responses import current_runtime

bp = APIBlueprint("flashing", __name__, url_prefix="/api/v1", tag="Initial flash over USB")

_ADDRESS = "/devices/<device_id>/usb-flash"


class FactoryRequest(BaseModel):
    """Where the bot finds this server, and what is connected to it; see `Wiring`."""

    server: str = Field(max_length=256, examples=["http://192.168.1.20:5000"])
    trigger_pin: int | None = Field(default=None, ge=0, le=MAX_PIN)
    trigger_active_high: bool = False
    led_pin: int | None = Field(default=None, ge=0, le=MAX_PIN)
    led_active_low: bool = False
    serial_verbose: bool = False
    logs: bool = False


class OptionsAnswer(TypedDict):
    """What an owner chooses from; `server` is its configured address, or that of the request."""

    server: str
    has_authority: bool
    builds: list[BuildPayload]


class PartAnswer(TypedDict):
    """A file and where it goes; `is_secret` is true for the bot's memory."""

    name: str
    offset: int
    size_bytes: int
    is_secret: bool


class PlanAnswer(TypedDict):
    """What is written, and the commands that write it without the page."""

    chip: str
    parts: list[PartAnswer]
    factory_name: str
    factory_bytes: int
    command: str
    parts_command: str


@bp.get(_ADDRESS)
def read_options(device_id: DeviceId) -> OptionsAnswer:
    """List the builds that this bot can be flashed with over USB."""
    runtime = current_runtime()
    found = runtime.flashing.list_builds(current_actor(), device_id)
    return {
        "server": runtime.settings.public_origin or request.host_url.rstrip("/"),
        "has_authority": bool(runtime.settings.device_ca_pem),
        "builds": [of_build(build) for build in found],
    }


@bp.get(f"{_ADDRESS}/<build_id>")
@bp.doc(responses=[200, 409, 422])
def read_plan(device_id: DeviceId, build_id: str) -> PlanAnswer:
    """Read what would be written; contains no secret."""
    planned = current_runtime().flashing.plan(current_actor(), device_id, build_id)
    parts: list[PartAnswer] = [
        {
            "name": part.name,
            "offset": part.offset,
            "size_bytes": len(part.data),
            "is_secret": part.name == "nvs.bin",
        }
        for part in planned.parts
    ]
    return {
        "chip": planned.chip,
        "parts": parts,
        "factory_name": planned.factory_name,
        "factory_bytes": planned.parts[-1].end,
        "command": planned.command,
        "parts_command": planned.parts_command,
    }


@bp.post(f"{_ADDRESS}/<build_id>/factory")
@limiter.limit("120/hour", key_func=current_account_id)
@bp.input(FactoryRequest, location="json")
@bp.doc(responses=sends_file("application/octet-stream", 409))
def make_factory_image(device_id: DeviceId, build_id: str, json_data: FactoryRequest) -> Response:
    """Create one file with everything for this bot. It contains the Wi-Fi password and the bot's key."""
    made = _make(device_id, build_id, json_data)
    return _secret_file(made.as_image(), made.factory_name, "application/octet-stream")


@bp.post(f"{_ADDRESS}/<build_id>/parts")
@limiter.limit("120/hour", key_func=current_account_id)
@bp.input(FactoryRequest, location="json")
@bp.doc(responses=sends_file("application/zip", 409))
def make_parts(device_id: DeviceId, build_id: str, json_data: FactoryRequest) -> Response:
    """Create the same as separate files in a .zip. It contains the Wi-Fi password and the bot's key."""
    made = _make(device_id, build_id, json_data)
    return _secret_file(made.as_zip(), f"{made.device_id}.factory.zip", "application/zip")


@bp.post("/devices/<device_id>/key")
@limiter.limit("10/minute", key_func=current_account_id)
def renew_key(device_id: DeviceId) -> DevicePayload:
    """Create a new key, delivered at the next check-in or over USB; the current key works until then."""
    runtime = current_runtime()
    return runtime.devices.payload(runtime.device_keys.renew(current_actor(), device_id))


@bp.delete("/devices/<device_id>/key")
def revoke_key(device_id: DeviceId) -> DevicePayload:
    """Revoke a bot's key at once; a flash over USB gives it a new one."""
    runtime = current_runtime()
    return runtime.devices.payload(runtime.device_keys.revoke(current_actor(), device_id))


def _make(device_id: DeviceId, build_id: str, asked: FactoryRequest) -> FlashSet:
    return current_runtime().flashing.make(
        current_actor(),
        device_id,
        build_id,
        server=parse_server(asked.server),
        wiring=Wiring(**asked.model_dump(exclude={"server"})),
    )


def _secret_file(data: bytes, name: str, kind: str) -> Response:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
