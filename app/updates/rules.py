"""Updates: one device's attempt to move to one release."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NewType

from app.devices.rules import Boot, CheckIn, Trigger, UpdateStatus
from app.kernel.errors import IllegalTransition

UpdateId = NewType("UpdateId", str)


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
    """Why an update failed, in the bot's or the server's words; permanent."""

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
# A person may call back only what the bot has not begun to write.
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
        fits: whether the device can run the release; see `releases.fits`.
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


def decide(update: OpenUpdate, check_in: CheckIn) -> Decision:
    """What a check-in means for the device's open update."""
    if check_in.image_digest == update.target_digest:
        return Decision(event=UpdateEvent.CONFIRM, offer=False)
    if _has_returned(update, check_in):
        return Decision(event=UpdateEvent.ROLL_BACK, offer=False)
    if update.state is UpdateState.SCHEDULED:
        return Decision(event=None, offer=False)
    if not update.fits:
        return Decision(event=UpdateEvent.REFUSE, offer=False)
    return Decision(event=UpdateEvent.OFFER, offer=True)


def _has_returned(update: OpenUpdate, check_in: CheckIn) -> bool:
    """Whether the bot restarted for this update and came back with another image.

    A bot says `rolled_back` until its next restart, also while it fetches the next update; only its
    first check-in after a boot is news.
    """
    if update.state in {UpdateState.RESTARTING, UpdateState.VERIFYING}:
        return True
    begun = update.state in {UpdateState.DOWNLOADING, UpdateState.INSTALLING}
    return begun and check_in.boot is Boot.ROLLED_BACK and check_in.trigger is Trigger.BOOT


def decide_by_digest(state: UpdateState, *, target_digest: str, running_digest: str) -> UpdateEvent | None:
    """What it means that a bot of the static link says which image it runs; None if nothing new.

    Such a bot reports nothing: that it asks again with another image after a complete download is
    the only sign that the new one did not last.
    """
    if running_digest == target_digest:
        return UpdateEvent.CONFIRM
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
    """A device's update status, from the state of its latest update that was not called off."""
    if latest is None:
        return UpdateStatus.UNKNOWN
    if latest in OPEN_STATES:
        return UpdateStatus.PENDING
    return UpdateStatus.ERROR if latest in _ERROR_STATES else UpdateStatus.IN_SYNC


_MAX_QUOTED_CHARS = 80
_ERROR_WORDS: dict[UpdateError, str] = {
    UpdateError.BAD_SIGNATURE: "The bot got an answer that is not signed by this server. Check its address.",
    UpdateError.WRONG_BOARD: "The image is made for another board. Compile for the bot's board, send again.",
    UpdateError.WRONG_SIZE: "The bot received another number of bytes than announced. Send again.",
    UpdateError.WRONG_DIGEST: "The image arrived damaged; the bot kept its old one. Send again.",
    UpdateError.TOO_BIG: "The image is larger than the bot's slot. Make the sketch smaller, send again.",
    UpdateError.FLASH_WRITE: "The bot could not write its flash memory. Send again; if it stays, replace it.",
    UpdateError.NO_SPACE: "The bot had too little memory for the update. Restart it, then send again.",
    UpdateError.CONNECTION: "The bot lost its connection too often. Move it nearer to the Wi-Fi, send again.",
    UpdateError.REFUSED_BY_SKETCH: "The sketch on the bot refused the update. Send again when it allows it.",
}
_TIME_OUT_WORDS: dict[UpdateState, str] = {
    UpdateState.OFFERED: "The bot asked for the image but never fetched it.",
    UpdateState.DOWNLOADING: "The bot fell silent while it downloaded.",
    UpdateState.INSTALLING: "The bot fell silent while it installed the image.",
    UpdateState.RESTARTING: "The bot restarted and has not called since.",
    UpdateState.VERIFYING: "The new image started but never confirmed itself.",
}
ROLLED_BACK_WORDS = "The new image did not start well; the bot went back to its old one. Fix the sketch."
INCOMPATIBLE_WORDS = "The image does not fit the bot's board. Compile for the bot's board, send again."


def words_of_error(code: str) -> str:
    """A failure in words for people, at most 200 characters.

    Args:
        code: an UpdateError, or any short text of a bot.
    """
    known = next((error for error in UpdateError if error == code), UpdateError.OTHER)
    if known in _ERROR_WORDS:
        return _ERROR_WORDS[known]
    said = "".join(char if char.isprintable() else " " for char in code)[:_MAX_QUOTED_CHARS].strip()
    return f"The bot could not take the update ({said or known}). Send again."


def words_of_time_out(state: UpdateState) -> str:
    """What a bot's silence in `state` means and what to do, in words for people."""
    return f"{_TIME_OUT_WORDS[state]} Check its power and its Wi-Fi, then send again."
