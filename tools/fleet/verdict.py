"""What became of one bot: what the server believes, beside what the bot does."""

from dataclasses import dataclass

from app.updates.rules import END_STATES
from tools.fleet.bot import BotNews
from tools.fleet.faults import Fault, FaultKind, ends_of
from tools.fleet.ground import Outcome
from tools.fleet.host import Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one bot.

    Attributes:
        news: what it last said of itself.
        outcome: what the server believes; None if it knows of no update.
        fault: what was to go wrong.
        complaint: empty if all is well.
    """

    news: BotNews
    outcome: Outcome | None
    fault: Fault | None
    complaint: str

    @property
    def kind(self) -> FaultKind | None:
        """What was to go wrong."""
        return self.fault.kind if self.fault else None

    @property
    def end(self) -> str:
        """How the update ended, in the server's words."""
        return self.outcome.state if self.outcome else "no update"


def judge(news: BotNews, outcome: Outcome | None, fault: Fault | None) -> Verdict:
    """Compare what the server believes with what the bot does."""
    return Verdict(news=news, outcome=outcome, fault=fault, complaint=_complaint(news, outcome, fault))


def _complaint(news: BotNews, outcome: Outcome | None, fault: Fault | None) -> str:
    if not news.has_called:
        return "stuck: it has not called since its last start"
    if outcome is None:
        return "the server knows of no update"
    if outcome.state not in END_STATES:
        return f"the update has no end: {outcome.state}"
    if outcome.digest != news.digest:
        return f"the server believes {outcome.digest[:8]}, the bot runs {news.digest[:8]}"
    kind = fault.kind if fault else None
    if outcome.state not in ends_of(kind):
        return f"ended {outcome.state} ({outcome.error}) after {kind or 'no fault'}"
    crashes = dict(news.endings).get(Ending.CRASH, 0)
    if crashes and kind is not FaultKind.CRASH:
        return f"crashed {crashes} times without being told to"
    return ""
