"""The bodies of native protocol v1: strict on known fields, and unknown ones are ignored."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.devices.rules import Boot, CheckInReport, NetworkError, Trigger
from app.http.device import signing
from app.kernel.errors import Invalid
from app.toolchain.rules import parse_fqbn
from app.updates.check_in.response import CheckInResponse, NetworkSettings, Offer
from app.updates.downloads import Report
from app.updates.rules import ReportState

_MAX_NUMBER = 2**31 - 1
_MAX_LINES = 100
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"

_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Number = Annotated[int, Field(ge=0, le=_MAX_NUMBER)]
_Version = Annotated[str, Field(max_length=32, pattern=_NO_CONTROLS)]
_Slot = Annotated[str, Field(max_length=16, pattern=_NO_CONTROLS)]
_Reason = Annotated[str, Field(max_length=48, pattern=_NO_CONTROLS)]
_Rssi = Annotated[int, Field(ge=-200, le=100)]


class _Body(BaseModel):
    # A newer bot may report fields that this server does not know; known fields must be valid.
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class CheckInBody(_Body):
    """`POST /device/v1/check-in`."""

    board: str
    image_digest: _Digest
    version: _Version = ""
    slot: _Slot = ""
    boot: Boot = Boot.NORMAL
    reset_reason: _Reason = ""
    uptime_s: _Number = 0
    free_heap_bytes: _Number = 0
    rssi_dbm: _Rssi | None = None
    trigger: Trigger = Trigger.POLL
    network_revision: _Number = 0
    network_failed_revision: _Number = 0
    network_trouble: NetworkError | None = None
    wish: Literal["former"] | None = None
    log: bool | None = None

    def as_report(self) -> CheckInReport:
        """The same as a value of the rules.

        Raises:
            Invalid: `board` is not an FQBN.
        """
        parse_fqbn(self.board)
        fields = {
            **vars(self),
            "network_error": self.network_trouble,
            "wants_rollback": self.wish is not None,
        }
        del fields["network_trouble"], fields["wish"]
        return CheckInReport(**fields)


class ReportBody(_Body):
    """`POST /device/v1/updates/<update_id>/reports`."""

    state: ReportState
    bytes: _Number = 0
    error: Annotated[str, Field(max_length=200)] = ""

    def as_report(self) -> Report:
        """The same as a value of the service."""
        return Report(state=self.state, bytes_done=self.bytes, error=self.error)


class LogBody(_Body):
    """`POST /device/v1/log`."""

    lines: Annotated[list[str], Field(max_length=_MAX_LINES)]
    dropped: _Number = 0


_AnyBody = TypeVar("_AnyBody", bound=_Body)


def read_body(kind: type[_AnyBody], body: bytes) -> _AnyBody:
    """A request's body.

    Raises:
        Invalid: no JSON, a field is missing, of another type or out of bounds; the first one is named.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        where = f"“{field}”: " if field else ""
        raise Invalid("bad_body", f"{where}{first['msg']}.", {"field": field}) from None


def write_response(
    response: CheckInResponse, *, key: bytes, nonce: str, next_key: bytes | None
) -> dict[str, Any]:
    """The answer to a check-in; network settings and a new key are sealed for this bot and this call.

    Args:
        key: the one that the call was signed with.
        next_key: the one to hand over; None if there is none.
    """
    answer: dict[str, Any] = {
        "poll_after_s": response.poll_after_s,
        "update": _write_offer(response.offer) if response.offer else None,
        "network": _write_network(response.network, key, nonce) if response.network else None,
    }
    if response.log is not None:
        answer["log"] = response.log
    if next_key is not None:
        text = next_key.hex()
        answer["new_key"] = signing.seal(key, label="device_key", revision=0, nonce=nonce, text=text)
    return answer


def _write_offer(offer: Offer) -> dict[str, Any]:
    return {
        "update_id": offer.update_id,
        "release": offer.release,
        "version": offer.version,
        "size_bytes": offer.size_bytes,
        "sha256": offer.sha256,
        "url": f"/device/v1/firmware/{offer.update_id}",
    }


def _write_network(settings: NetworkSettings, key: bytes, nonce: str) -> dict[str, Any]:
    def sealed(label: str, text: str) -> str:
        return signing.seal(key, label=label, revision=settings.revision, nonce=nonce, text=text)

    return {
        "revision": settings.revision,
        "ssid": sealed("ssid", settings.wifi.ssid),
        "password": sealed("password", settings.wifi.password),
    }
