"""The response to a check-in."""

from dataclasses import dataclass

from app.devices.rules import WifiSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The release a bot should download; `sha256` is of the whole file, in lower-case hex."""

    update_id: str
    release: str
    version: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """The network a bot should use from now on."""

    revision: int
    wifi: WifiSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInResponse:
    """All that a bot should do.

    Attributes:
        poll_after_s: the time to its next check-in in seconds.
        log: whether it should send its serial output; None if that is unchanged.
    """

    poll_after_s: int
    offer: Offer | None
    network: NetworkSettings | None
    log: bool | None
