"""Updates: one device's attempt to move to one release; and which releases a device can run."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NewType

from app.devices.rules import Boot, CheckInReport, Trigger, UpdateStatus
from app.kernel.errors import IllegalTransition
from app.toolchain.rules import without_options

UpdateId = NewType("UpdateId", str)
ReleaseId = NewType("ReleaseId", str)


class UpdateState(StrEnum):
    """Where an update stands."""

    SCHEDULED = "scheduled"
    ARMED = "armed"
    OFFERED = "offered"
    DOWNLOADING = "downloading"
    INSTALLING = "installing"
    RESTARTING = "restarting"
    VERIFYING = "verifying"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    ROLLED_BACK = "rolled_back"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    INCOMPATIBLE = "incompatible"


class UpdateEvent(StrEnum):
    """What can happen to an update."""

    ARM = "arm"
    OFFER = "offer"
    DOWNLOAD = "download"
    INSTALL = "install"
    RESTART = "restart"
    VERIFY = "verify"
    CONFIRM = "confirm"
    FAIL = "fail"
    TIME_OUT = "time_out"
    ROLL_BACK = "roll_back"
    CANCEL = "cancel"
    SUPERSEDE = "supersede"
    REFUSE = "refuse"


class UpdateError(StrEnum):
    """Why an update failed, as reported by the bot or the server; permanent."""

    BAD_SIGNATURE = "bad_signature"
    WRONG_BOARD = "wrong_board"
    WRONG_SIZE = "wrong_size"
    WRONG_DIGEST = "wrong_digest"
    TOO_BIG = "too_big"
    FLASH_WRITE = "flash_write"
    NO_SPACE = "no_space"
    CONNECTION = "connection"
    REFUSED_BY_SKETCH = "refused_by_sketch"
    OTHER = "other"


class InferredError(StrEnum):
    """Why an update failed, as the server concludes from what the bot does, or does not; permanent."""

    ROLLED_BACK = "rolled_back"
    NEVER_FETCHED = "never_fetched"
    SILENT_DOWNLOADING = "silent_downloading"
    SILENT_INSTALLING = "silent_installing"
    SILENT_RESTARTING = "silent_restarting"
    SILENT_VERIFYING = "silent_verifying"


ErrorCode = UpdateError | InferredError
MAX_DETAIL_CHARS = 80
MAX_WHOLE_DOWNLOADS = 3
"""How often a bot of the static link may download a whole image before it counts as rolled back."""
_SILENCES: dict[UpdateState, InferredError] = {
    UpdateState.OFFERED: InferredError.NEVER_FETCHED,
    UpdateState.DOWNLOADING: InferredError.SILENT_DOWNLOADING,
    UpdateState.INSTALLING: InferredError.SILENT_INSTALLING,
    UpdateState.RESTARTING: InferredError.SILENT_RESTARTING,
    UpdateState.VERIFYING: InferredError.SILENT_VERIFYING,
}


class FirmwareKind(StrEnum):
    """What a server knows of the image that a bot runs."""

    REVISION = "revision"
    """It is built from a revision of a sketch."""
    RELEASE = "release"
    """It is a release that no build of this server made."""
    FOREIGN = "foreign"
    """This server neither made it nor was given it; only what the image says of itself is known."""
    UNKNOWN = "unknown"
    """The bot never called."""


class ReportState(StrEnum):
    """The states a bot may report."""

    DOWNLOADING = "downloading"
    INSTALLING = "installing"
    RESTARTING = "restarting"
    FAILED = "failed"


END_STATES = frozenset(
    {
        UpdateState.CONFIRMED,
        UpdateState.FAILED,
        UpdateState.TIMED_OUT,
        UpdateState.ROLLED_BACK,
        UpdateState.CANCELLED,
        UpdateState.SUPERSEDED,
        UpdateState.INCOMPATIBLE,
    }
)
OPEN_STATES = frozenset(UpdateState) - END_STATES
WITHDRAWN_STATES = frozenset({UpdateState.CANCELLED, UpdateState.SUPERSEDED})
"""An update that ended so says nothing about its device; the one before it counts."""
_ERROR_STATES = frozenset(
    {UpdateState.FAILED, UpdateState.TIMED_OUT, UpdateState.ROLLED_BACK, UpdateState.INCOMPATIBLE}
)

# The order of progress. A report never moves an update backwards; a bot may skip a step whose
# report was lost.
_PROGRESS = (
    UpdateState.SCHEDULED,
    UpdateState.ARMED,
    UpdateState.OFFERED,
    UpdateState.DOWNLOADING,
    UpdateState.INSTALLING,
    UpdateState.RESTARTING,
    UpdateState.VERIFYING,
    UpdateState.CONFIRMED,
)
_FORWARD: dict[UpdateEvent, UpdateState] = {
    UpdateEvent.ARM: UpdateState.ARMED,
    UpdateEvent.OFFER: UpdateState.OFFERED,
    UpdateEvent.DOWNLOAD: UpdateState.DOWNLOADING,
    UpdateEvent.INSTALL: UpdateState.INSTALLING,
    UpdateEvent.RESTART: UpdateState.RESTARTING,
    UpdateEvent.VERIFY: UpdateState.VERIFYING,
    UpdateEvent.CONFIRM: UpdateState.CONFIRMED,
}
_ENDINGS: dict[UpdateEvent, UpdateState] = {
    UpdateEvent.FAIL: UpdateState.FAILED,
    UpdateEvent.TIME_OUT: UpdateState.TIMED_OUT,
    UpdateEvent.ROLL_BACK: UpdateState.ROLLED_BACK,
    UpdateEvent.CANCEL: UpdateState.CANCELLED,
    UpdateEvent.SUPERSEDE: UpdateState.SUPERSEDED,
    UpdateEvent.REFUSE: UpdateState.INCOMPATIBLE,
}
# A bot that lost power before the restart asks again; one that lost its connection fetches again.
_REPEATABLE: dict[UpdateEvent, frozenset[UpdateState]] = {
    UpdateEvent.OFFER: frozenset({UpdateState.OFFERED, UpdateState.DOWNLOADING, UpdateState.INSTALLING}),
    UpdateEvent.DOWNLOAD: frozenset({UpdateState.DOWNLOADING}),
}
# A person can cancel only what the bot has not started to write.
_CANCELLABLE = frozenset({UpdateState.SCHEDULED, UpdateState.ARMED, UpdateState.OFFERED})

# How long a bot may stay in a state before the update ends as timed out. Armed has no deadline of
# its own: a bot may be switched off for weeks.
_DEADLINES: dict[UpdateState, timedelta] = {
    UpdateState.OFFERED: timedelta(minutes=5),
    UpdateState.DOWNLOADING: timedelta(minutes=10),
    UpdateState.INSTALLING: timedelta(minutes=3),
    UpdateState.RESTARTING: timedelta(minutes=3),
    UpdateState.VERIFYING: timedelta(minutes=3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenUpdate:
    """What `decide` must know of a device's open update.

    Attributes:
        target_digest: the image digest of the release, lower-case hex.
        fits: whether the device can run the release; see `fits`.
    """

    state: UpdateState
    target_digest: str
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a check-in does to an open update.

    Attributes:
        event: what happens to the update; None when nothing changes.
        offer: whether the answer carries the offer.
    """

    event: UpdateEvent | None
    offer: bool


def target_of(event: UpdateEvent) -> UpdateState:
    """The state that `event` leads to; it is the same from every state where `event` is legal."""
    return _ENDINGS.get(event) or _FORWARD[event]


def advance(state: UpdateState, event: UpdateEvent) -> UpdateState:
    """The state after `event`.

    Raises:
        IllegalTransition: an update in `state` cannot take `event`.
    """
    if state not in _SOURCES[event]:
        raise IllegalTransition("update", state, event)
    return target_of(event)


def sources_of(event: UpdateEvent) -> frozenset[UpdateState]:
    """The states in which `event` is legal; the guard of a compare-and-set."""
    return _SOURCES[event]


def _sources(event: UpdateEvent) -> frozenset[UpdateState]:
    if event is UpdateEvent.CANCEL:
        return _CANCELLABLE
    if event in _ENDINGS:
        return OPEN_STATES
    before = _PROGRESS[: _PROGRESS.index(_FORWARD[event])]
    return frozenset(before) | _REPEATABLE.get(event, frozenset())


_SOURCES = {event: _sources(event) for event in UpdateEvent}


def deadline_after(state: UpdateState) -> timedelta | None:
    """How long a bot may stay silent in `state`; None where there is no limit."""
    return _DEADLINES.get(state)


def decide(update: OpenUpdate, report: CheckInReport) -> Decision:
    """What a check-in means for the device's open update."""
    if report.image_digest == update.target_digest:
        return Decision(event=UpdateEvent.CONFIRM, offer=False)
    if _has_returned(update, report):
        return Decision(event=UpdateEvent.ROLL_BACK, offer=False)
    if update.state is UpdateState.SCHEDULED:
        return Decision(event=None, offer=False)
    if not update.fits:
        return Decision(event=UpdateEvent.REFUSE, offer=False)
    return Decision(event=UpdateEvent.OFFER, offer=True)


def _has_returned(update: OpenUpdate, report: CheckInReport) -> bool:
    """Whether the bot restarted for this update and came back with another image.

    A bot says `rolled_back` until its next restart, also while it fetches the next update; only its
    first check-in after a boot counts.
    """
    if update.state in {UpdateState.RESTARTING, UpdateState.VERIFYING}:
        return True
    has_started = update.state in {UpdateState.DOWNLOADING, UpdateState.INSTALLING}
    return has_started and report.boot is Boot.ROLLED_BACK and report.trigger is Trigger.BOOT


def decide_by_digest(state: UpdateState, *, is_target: bool, whole_downloads: int) -> UpdateEvent | None:
    """What it means that a bot of the static link says which image it runs; None if nothing new.

    Such a bot reports nothing: that it asks again with another image after a complete download is
    the only sign that the new one did not last, or that its MD5 was wrong or writing it failed. So
    it may download a few times.

    Args:
        is_target: it runs the image of the update.
        whole_downloads: how often all bytes of the image were sent to it.
    """
    if is_target:
        return UpdateEvent.CONFIRM
    if state is UpdateState.INSTALLING and whole_downloads < MAX_WHOLE_DOWNLOADS:
        return UpdateEvent.OFFER
    complete = {UpdateState.INSTALLING, UpdateState.RESTARTING, UpdateState.VERIFYING}
    return UpdateEvent.ROLL_BACK if state in complete else None


def event_of_report(state: ReportState) -> UpdateEvent:
    """The event that a bot's report stands for."""
    return {
        ReportState.DOWNLOADING: UpdateEvent.DOWNLOAD,
        ReportState.INSTALLING: UpdateEvent.INSTALL,
        ReportState.RESTARTING: UpdateEvent.RESTART,
        ReportState.FAILED: UpdateEvent.FAIL,
    }[state]


def status_of(latest: UpdateState | None) -> UpdateStatus:
    """A device's update status.

    Args:
        latest: state of its latest update that was not withdrawn; None if there is none.
    """
    if latest is None:
        return UpdateStatus.UNKNOWN
    if latest in OPEN_STATES:
        return UpdateStatus.PENDING
    return UpdateStatus.ERROR if latest in _ERROR_STATES else UpdateStatus.IN_SYNC


def error_of_report(text: str) -> tuple[UpdateError, str]:
    """What a bot says why it failed: a code, and its own words where the code tells nothing.

    Args:
        text: an UpdateError, or any short text of a bot.
    Returns:
        The detail has at most 80 printable characters; it is empty for a code that is known.
    """
    code = next((error for error in UpdateError if error == text), UpdateError.OTHER)
    return code, "" if code == text else printable(text)


def error_of_code(code: str) -> ErrorCode:
    """The error that is stored as `code`.

    Raises:
        ValueError: there is no such error.
    """
    return UpdateError(code) if code in set(UpdateError) else InferredError(code)


def error_of_time_out(state: UpdateState) -> InferredError:
    """What a bot's silence in `state` means."""
    return _SILENCES[state]


def printable(detail: str) -> str:
    """A bot's own words, at most 80 printable characters."""
    text = "".join(char if char.isprintable() else " " for char in detail)
    return text[:MAX_DETAIL_CHARS].strip()


def fits(*, chip: str, fqbn: str, bot_chip: str, bot_board: str) -> bool:
    """Whether a bot can run an image.

    Args:
        chip: the chip the image is made for.
        fqbn: the board the image is built for.
        bot_chip: the bot's chip; empty if unknown, then its board must be the same, options aside.
        bot_board: the bot's board; empty if it never called, then the bot decides itself.
    """
    if bot_chip:
        return chip == bot_chip
    return not bot_board or without_options(fqbn) == without_options(bot_board)
