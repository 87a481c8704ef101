"""Devices: list, claim, read, network, static link, log."""

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from app.devices.payload import DeviceLogPayload, DevicePayload
from app.devices.rules import DeviceId, parse_wifi
from app.http.actor import current_account_id, current_actor
from app.http.extensions import limiter
from app.http.responses import current_runtime

bp = APIBlueprint("devices", __name__, url_prefix="/api/v1", tag="Bots")


class ClaimRequest(BaseModel):
    """Another bot: its product id and its password."""

    product_id: str = Field(max_length=64, examples=["bot_001"])
    password: str = Field(max_length=1024)


class NetworkRequest(BaseModel):
    """The Wi-Fi network a bot should use; write-only. An empty password means an open network."""

    ssid: str = Field(max_length=64)
    password: str = Field(default="", max_length=128)


class LinkRequest(BaseModel):
    """Whether anybody may download the bot's image."""

    open: bool


class LogRequest(BaseModel):
    """Whether a bot should send its serial output."""

    send: bool


@bp.get("/devices")
def list_devices() -> dict[str, list[DevicePayload]]:
    """List your bots; a maintainer sees everybody's."""
    return {"devices": current_runtime().devices.list(current_actor())}


@bp.post("/devices/claim")
@limiter.limit("10/minute", key_func=current_account_id)
@bp.input(ClaimRequest, location="json")
@bp.doc(responses=[201, 409])
def claim_device(json_data: ClaimRequest) -> tuple[DevicePayload, int]:
    """Add another bot by its product id and password."""
    runtime = current_runtime()
    device = runtime.claims.claim(
        current_actor(), product_id=json_data.product_id, password=json_data.password
    )
    return runtime.devices.payload(device), 201


@bp.get("/devices/<device_id>")
def read_device(device_id: DeviceId) -> DevicePayload:
    """Read one bot."""
    devices = current_runtime().devices
    return devices.payload(devices.get(current_actor(), device_id))


@bp.put("/devices/<device_id>/network")
@bp.input(NetworkRequest, location="json")
def set_network(device_id: DeviceId, json_data: NetworkRequest) -> DevicePayload:
    """Change the Wi-Fi of a bot; it is stored encrypted and never sent back."""
    devices = current_runtime().devices
    wifi = parse_wifi(json_data.ssid, json_data.password)
    return devices.payload(devices.set_network(current_actor(), device_id, wifi))


@bp.put("/devices/<device_id>/link")
@bp.input(LinkRequest, location="json")
def set_link(device_id: DeviceId, json_data: LinkRequest) -> DevicePayload:
    """Make a bot's static link public, or private again."""
    devices = current_runtime().devices
    return devices.payload(devices.set_link_open(current_actor(), device_id, is_open=json_data.open))


@bp.get("/devices/<device_id>/log")
def read_log(device_id: DeviceId) -> DeviceLogPayload:
    """Read the newest lines of a bot's serial output."""
    return current_runtime().device_logs.read(current_actor(), device_id)


@bp.put("/devices/<device_id>/log")
@bp.input(LogRequest, location="json")
def set_log(device_id: DeviceId, json_data: LogRequest) -> DevicePayload:
    """Switch a bot's wireless log on or off; applies at its next check-in."""
    devices = current_runtime().devices
    return devices.payload(devices.set_wants_log(current_actor(), device_id, wants_log=json_data.send))
