"""Updates: one device's attempt to move to one release."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NewType

from app.domain.devices import Boot, CheckIn, UpdateStatus
from app.domain.errors import IllegalTransition

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
# A bot that lost power or its connection before the restart asks again and begins anew.
_REPEATABLE = frozenset({UpdateEvent.OFFER, UpdateEvent.DOWNLOAD})
_RESTARTABLE = frozenset({UpdateState.OFFERED, UpdateState.DOWNLOADING, UpdateState.INSTALLING})
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
        former_digest: the digest the device ran when the update was made; empty if unknown.
        chip: the chip the release is made for.
    """

    state: UpdateState
    target_digest: str
    former_digest: str
    chip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a check-in does to an open update.

    Attributes:
        events: the events to apply, in order; empty when nothing changes.
        offer: whether the answer carries the offer.
    """

    events: tuple[UpdateEvent, ...]
    offer: bool


def advance(state: UpdateState, event: UpdateEvent) -> UpdateState:
    """The state after `event`.

    Raises:
        IllegalTransition: an update in `state` cannot take `event`.
    """
    if state in END_STATES or (event is UpdateEvent.CANCEL and state not in _CANCELLABLE):
        raise IllegalTransition("update", state, event)
    if event in _ENDINGS:
        return _ENDINGS[event]
    target = _FORWARD[event]
    if not (event in _REPEATABLE and state in _RESTARTABLE) and _PROGRESS.index(target) <= _PROGRESS.index(
        state
    ):
        raise IllegalTransition("update", state, event)
    return target


def sources_of(event: UpdateEvent) -> frozenset[UpdateState]:
    """The states in which `event` is legal; the guard of a compare-and-set."""
    return frozenset(state for state in OPEN_STATES if _is_legal(state, event))


def _is_legal(state: UpdateState, event: UpdateEvent) -> bool:
    try:
        advance(state, event)
    except IllegalTransition:
        return False
    return True


def deadline_after(state: UpdateState) -> timedelta | None:
    """How long a bot may stay silent in `state`; None where there is no limit."""
    return _DEADLINES.get(state)


def decide(update: OpenUpdate, check_in: CheckIn, *, chip: str) -> Decision:
    """What a check-in means for the device's open update.

    Args:
        chip: the chip of the checking-in device.
    """
    if check_in.image_digest == update.target_digest:
        return Decision(events=(UpdateEvent.CONFIRM,), offer=False)
    if _has_returned(update, check_in):
        return Decision(events=(UpdateEvent.ROLL_BACK,), offer=False)
    if update.state is UpdateState.SCHEDULED:
        return Decision(events=(), offer=False)
    if chip != update.chip:
        return Decision(events=(UpdateEvent.REFUSE,), offer=False)
    return Decision(events=(UpdateEvent.OFFER,), offer=True)


def _has_returned(update: OpenUpdate, check_in: CheckIn) -> bool:
    """Whether the bot restarted for this update and came back with another image."""
    after_restart = update.state in {UpdateState.RESTARTING, UpdateState.VERIFYING}
    begun = update.state not in {UpdateState.SCHEDULED, UpdateState.ARMED, UpdateState.OFFERED}
    return after_restart or (begun and check_in.boot is Boot.ROLLED_BACK)


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
