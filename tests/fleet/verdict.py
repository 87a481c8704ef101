"""What became of one bot: what the server believes, beside what the bot does."""

from dataclasses import dataclass

from app.domain.updates import END_STATES
from tests.fleet.bot import BotNews
from tests.fleet.faults import Fault, FaultKind, ends_of
from tests.fleet.ground import Outcome
from tests.fleet.host import Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one bot; `complaint` is empty if all is well."""

    product_id: str
    fault: Fault | None
    has_happened: bool
    end: str
    complaint: str


def judge(news: BotNews, outcome: Outcome | None, fault: Fault | None) -> Verdict:
    """Compare what the server believes with what the bot does."""
    return Verdict(
        product_id=news.product_id,
        fault=fault,
        has_happened=news.fault_happened,
        end=outcome.state if outcome else "no update",
        complaint=_complaint(news, outcome, fault),
    )


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
