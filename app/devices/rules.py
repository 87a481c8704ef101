"""Devices: names, passwords, Wi-Fi settings, what a check-in reports, and the two derived facts."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from app.kernel.errors import Invalid

DeviceId = NewType("DeviceId", str)
"""The product id, for example `bot_001`."""

# The names of pages and of static files share the address space of `/<product_id>.ino.bin` only with
# the ending, so any name of this form is safe.
_PRODUCT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,31}")
KEY_BYTES = 32
"""Length of a device key."""
FIRST_COUNTER = "0" * 16
"""The counter of a key that signed nothing yet; each call has a higher one."""
MAX_DEVICES = 100
"""Bots of one account; under open registration one account could otherwise take every name."""

MIN_POLL_S = 5
DEFAULT_POLL_S = 60
MAX_POLL_S = 86_400
# Two check-ins may be missed: one lost packet is ordinary on Wi-Fi.
_MISSED_CHECK_INS_ALLOWED = 2
_OFFLINE_AFTER_INTERVALS = 10

MAX_SSID_BYTES = 32  # IEEE 802.11 9.4.2.2
_HEX_PSK = re.compile(r"[0-9A-Fa-f]{64}")


class Admission(StrEnum):
    """Whether a device may use this server."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DECOMMISSIONED = "decommissioned"


class KeyState(StrEnum):
    """The state of a device's key; derived, never stored."""

    CURRENT = "current"
    RENEWED = "renewed"
    """A new key is handed over when the bot calls next; until the bot uses it, the old one holds."""
    OVER_USB = "over_usb"
    """A new key is in a file for the flash over USB; until the bot uses it, the old one holds."""
    REVOKED = "revoked"
    """No key holds until a flash over USB."""


class Connectivity(StrEnum):
    """Whether a device checks in as often as it should; derived, never stored."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OVERDUE = "overdue"
    OFFLINE = "offline"


class UpdateStatus(StrEnum):
    """Whether a device runs what it should; it follows from its latest update."""

    IN_SYNC = "in_sync"
    PENDING = "pending"
    ERROR = "error"
    UNKNOWN = "unknown"


class Trigger(StrEnum):
    """What made a bot check in."""

    BUTTON = "button"
    POLL = "poll"
    BOOT = "boot"


class Boot(StrEnum):
    """How the running image came to run."""

    NORMAL = "normal"
    RESCUE = "rescue"
    ROLLED_BACK = "rolled_back"


class NetworkError(StrEnum):
    """Why new network settings did not work."""

    NO_SUCH_NETWORK = "no_such_network"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the error, not a password
    NO_ADDRESS = "no_address"
    CAPTIVE_PORTAL = "captive_portal"
    SERVER_SILENT = "server_silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInReport:
    """What a bot reports of itself in one check-in.

    Attributes:
        board: the FQBN it was built for.
        image_digest: lower-case hex digest by which the running image knows itself.
        uptime_s: seconds since boot; wraps never (64 bit on the bot).
        free_heap_bytes: free heap in bytes.
        rssi_dbm: signal strength, about -100 to 0; None without Wi-Fi radio.
        network_revision: revision of the Wi-Fi settings it uses; 0 for those of the first flash.
        network_failed_revision: that of newer settings which did not work; 0 if it knows of none.
        wants_rollback: somebody pressed its trigger button twice, for the previous firmware.
        log: whether it sends its serial output; None if it does not report that.
    """

    board: str
    image_digest: str
    version: str
    slot: str
    boot: Boot
    reset_reason: str
    uptime_s: int
    free_heap_bytes: int
    rssi_dbm: int | None
    trigger: Trigger
    network_revision: int
    network_failed_revision: int
    network_error: NetworkError | None
    wants_rollback: bool
    log: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WifiSettings:
    """The network a bot should use. The password is empty for an open network."""

    ssid: str
    password: str


def parse_product_id(text: str) -> DeviceId:
    """Accept a product id.

    Raises:
        Invalid: not 3 to 32 letters, digits, `_` and `-`, starting with a letter or digit.
    """
    if not _PRODUCT_ID.fullmatch(text):
        raise Invalid(
            "bad_product_id",
            "A product id has 3 to 32 letters, digits, “_” and “-”, and starts with a letter or a digit.",
            {"product_id": text[:64]},
        )
    return DeviceId(text)


def parse_wifi(ssid: str, password: str) -> WifiSettings:
    """Accept Wi-Fi settings as WPA2 and WPA3 know them.

    Raises:
        Invalid: the SSID is not 1 to 32 bytes of UTF-8, or the password is none of: empty,
            8 to 63 printable ASCII characters, 64 hex digits (IEEE 802.11 annex J.4).
    """
    if not _is_ssid(ssid):
        raise Invalid(
            "bad_ssid", f"The network name (SSID) has 1 to {MAX_SSID_BYTES} bytes.", {"field": "ssid"}
        )
    if password and not _HEX_PSK.fullmatch(password) and not _is_passphrase(password):
        raise Invalid(
            "bad_wifi_password",
            "The Wi-Fi password is empty (open network), 8 to 63 plain characters, or 64 hex digits.",
            {"field": "password"},
        )
    return WifiSettings(ssid=ssid, password=password)


def _is_ssid(ssid: str) -> bool:
    try:
        return 1 <= len(ssid.encode()) <= MAX_SSID_BYTES and "\0" not in ssid
    except UnicodeEncodeError:
        # JSON can name half of a pair of UTF-16 code units.
        return False


def _is_passphrase(password: str) -> bool:
    return 8 <= len(password) <= 63 and all(" " <= char <= "~" for char in password)


def key_state(*, is_revoked: bool, has_next: bool, over_usb: bool) -> KeyState:
    """The state of a device's key.

    Args:
        over_usb: the next key reaches the bot over USB only.
    """
    if is_revoked:
        return KeyState.REVOKED
    if not has_next:
        return KeyState.CURRENT
    return KeyState.OVER_USB if over_usb else KeyState.RENEWED


def failed_network(
    report: CheckInReport, *, failed_revision: int, error: NetworkError | None
) -> tuple[int, NetworkError | None]:
    """Which newer network settings failed and why, after a check-in; 0 and None if none did.

    A bot forgets with its restart what failed, and tries it once more; until it uses these or newer
    settings, what it reported before stands.

    Args:
        failed_revision: what was stored before the check-in, with its `error`.
    """
    if report.network_failed_revision:
        failed_revision, error = report.network_failed_revision, report.network_error
    return (failed_revision, error) if failed_revision > report.network_revision else (0, None)


def connectivity(last_seen: datetime | None, poll_interval_s: int, now: datetime) -> Connectivity:
    """How recently a device checked in, measured in its own poll intervals.

    Args:
        last_seen: UTC time of the last check-in; None if the device never called.
        poll_interval_s: seconds between check-ins as last ordered, above 0.
    Raises:
        ValueError: `poll_interval_s` is not positive.
    """
    if poll_interval_s <= 0:
        raise ValueError("poll_interval_s must be positive")
    if last_seen is None:
        return Connectivity.UNKNOWN
    silent_s = (now - last_seen).total_seconds()
    if silent_s <= poll_interval_s * (_MISSED_CHECK_INS_ALLOWED + 1):
        return Connectivity.ONLINE
    if silent_s <= poll_interval_s * _OFFLINE_AFTER_INTERVALS:
        return Connectivity.OVERDUE
    return Connectivity.OFFLINE


def link_name(product_id: str) -> str:
    """The file name of a bot's static link."""
    return f"{product_id}.ino.bin"
