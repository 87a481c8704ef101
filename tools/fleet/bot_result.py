"""The result of one bot: what the server recorded, compared with what the bot does."""

from dataclasses import dataclass

from app.updates.rules import END_STATES
from tools.fleet.bot import BotStatus
from tools.fleet.faults import Fault, FaultKind, ends_of
from tools.fleet.host import Ending
from tools.fleet.server import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class BotResult:
    """What became of one bot.

    Attributes:
        status: what it last reported of itself.
        outcome: what the server recorded; None if it knows of no update.
        fault: what was to go wrong.
        failure: empty if all is well.
    """

    status: BotStatus
    outcome: Outcome | None
    fault: Fault | None
    failure: str

    @property
    def kind(self) -> FaultKind | None:
        """What was to go wrong."""
        return self.fault.kind if self.fault else None

    @property
    def end(self) -> str:
        """How the update ended, in the server's words."""
        return self.outcome.state if self.outcome else "no update"


def judge(status: BotStatus, outcome: Outcome | None, fault: Fault | None) -> BotResult:
    """Compare what the server recorded with what the bot does."""
    return BotResult(status=status, outcome=outcome, fault=fault, failure=_failure(status, outcome, fault))


def _failure(status: BotStatus, outcome: Outcome | None, fault: Fault | None) -> str:
    if not status.has_called:
        return "stuck: it has not checked in since its last start"
    if outcome is None:
        return "the server knows of no update"
    if outcome.state not in END_STATES:
        return f"the update has not ended: {outcome.state}"
    if outcome.digest != status.digest:
        return f"the server recorded {outcome.digest[:8]}, the bot runs {status.digest[:8]}"
    kind = fault.kind if fault else None
    if outcome.state not in ends_of(kind):
        return f"ended {outcome.state} ({outcome.error}) after {kind or 'no fault'}"
    crashes = dict(status.endings).get(Ending.CRASH, 0)
    if crashes and kind is not FaultKind.CRASH:
        return f"crashed {crashes} times without a planned fault"
    return ""
