"""What a bot is told in the answer to its check-in."""

from dataclasses import dataclass

from app.devices.rules import WifiSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The release a bot shall fetch; `sha256` is of the whole file, in lower-case hex."""

    update_id: str
    release: str
    version: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """The network a bot shall use from now on."""

    revision: int
    wifi: WifiSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInResponse:
    """All that a bot is told.

    Attributes:
        poll_after_s: the time to its next check-in in seconds.
        log: whether it shall send what its sketch prints; None if all is as it should be.
    """

    poll_after_s: int
    offer: Offer | None
    network: NetworkSettings | None
    log: bool | None
