"""Devices: list, claim, look, network, static link, log."""

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from app.accounts import service as accounts
from app.devices import logs as device_logs
from app.devices import service as devices
from app.devices.payload import DeviceLogPayload, DevicePayload
from app.devices.rules import parse_wifi
from app.devices.tables import Device
from app.http.actor import current_account_id, current_actor
from app.http.extensions import limiter
from app.http.responses import current_runtime

bp = APIBlueprint("devices", __name__, url_prefix="/api/v1", tag="Bots")


class ClaimRequest(BaseModel):
    """A further bot: its product id and its password."""

    product_id: str = Field(max_length=64, examples=["bot_001"])
    password: str = Field(max_length=1024)


class NetworkRequest(BaseModel):
    """The Wi-Fi a bot shall use; write-only. An empty password means an open network."""

    ssid: str = Field(max_length=64)
    password: str = Field(default="", max_length=128)


class LinkRequest(BaseModel):
    """Whether everybody may fetch the bot's image."""

    open: bool


class LogRequest(BaseModel):
    """Whether a bot shall send what its sketch prints."""

    send: bool


@bp.get("/devices")
def list_devices() -> dict[str, list[DevicePayload]]:
    """List your bots; a maintainer sees everybody's."""
    runtime = current_runtime()
    session = runtime.sessions()
    found = devices.list_devices(session, account_id=current_actor().scope)
    return {"devices": devices.payloads_of(session, devices=found, now=runtime.clock.now())}


@bp.post("/devices/claim")
@limiter.limit("10/minute", key_func=current_account_id)
@bp.input(ClaimRequest, location="json")
@bp.doc(responses=[201, 409])
def claim_device(json_data: ClaimRequest) -> tuple[DevicePayload, int]:
    """Add a further bot by its product id and password."""
    runtime = current_runtime()
    device = accounts.claim(
        runtime.sessions(),
        account_id=current_account_id(),
        product_id=json_data.product_id,
        password=json_data.password,
        parts=runtime.account_parts(),
        address=current_actor().address,
    )
    return answer_of(device), 201


@bp.get("/devices/<device_id>")
def read_device(device_id: str) -> DevicePayload:
    """Read one bot."""
    found = devices.get(current_runtime().sessions(), account_id=current_actor().scope, device_id=device_id)
    return answer_of(found)


@bp.put("/devices/<device_id>/network")
@bp.input(NetworkRequest, location="json")
def set_network(device_id: str, json_data: NetworkRequest) -> DevicePayload:
    """Change the Wi-Fi of a bot; it is stored encrypted and never sent back."""
    device = devices.set_network(
        current_runtime().sessions(),
        account_id=current_account_id(),
        device_id=device_id,
        wifi=parse_wifi(json_data.ssid, json_data.password),
        address=current_actor().address,
        parts=current_runtime().device_parts(),
    )
    return answer_of(device)


@bp.put("/devices/<device_id>/link")
@bp.input(LinkRequest, location="json")
def set_link(device_id: str, json_data: LinkRequest) -> DevicePayload:
    """Open a bot's static link to everybody, or close it."""
    device = devices.set_link_open(
        current_runtime().sessions(),
        account_id=current_account_id(),
        device_id=device_id,
        is_open=json_data.open,
        address=current_actor().address,
        parts=current_runtime().device_parts(),
    )
    return answer_of(device)


@bp.get("/devices/<device_id>/log")
def read_log(device_id: str) -> DeviceLogPayload:
    """Read the newest lines a bot's sketch printed."""
    session = current_runtime().sessions()
    return device_logs.read(session, account_id=current_actor().scope, device_id=device_id)


@bp.put("/devices/<device_id>/log")
@bp.input(LogRequest, location="json")
def set_log(device_id: str, json_data: LogRequest) -> DevicePayload:
    """Let a bot send what its sketch prints, or not; it hears of it at its next call."""
    device = devices.set_wants_log(
        current_runtime().sessions(),
        account_id=current_account_id(),
        device_id=device_id,
        wants_log=json_data.send,
        address=current_actor().address,
        parts=current_runtime().device_parts(),
    )
    return answer_of(device)


def answer_of(device: Device) -> DevicePayload:
    """A bot as it is now."""
    runtime = current_runtime()
    return devices.payload_of(runtime.sessions(), device=device, now=runtime.clock.now())
