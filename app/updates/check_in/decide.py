"""The effects of a check-in: facts to store, the open update's next state, events for pages."""

from dataclasses import dataclass
from datetime import datetime

from app.devices.rules import CheckInReport, connectivity, failed_network
from app.updates import rules
from app.updates.check_in.statements import RARELY_CHANGED, REPORTED, CheckInRow
from app.updates.rules import END_STATES, Decision, OpenUpdate, fits

# While nothing but the time of the last check-in changes, pages get one event per interval.
_TELL_INTERVAL_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a check-in changes.

    Attributes:
        row: what the database held before.
        chip: the bot's chip; empty if unknown.
        facts: what is stored of the report, by column.
        is_quiet: it changes nothing but the facts, which one guarded statement stores.
        is_published: it sends an event to pages.
    """

    row: CheckInRow
    chip: str
    decision: Decision
    facts: dict[str, object]
    is_quiet: bool
    is_published: bool

    @property
    def leaves_no_open_update(self) -> bool:
        """Whether the bot has no open update, or none any more."""
        if self.row.update_id is None:
            return True
        event = self.decision.event
        return event is not None and rules.target_of(event) in END_STATES


def plan(row: CheckInRow, report: CheckInReport, *, chip: str, now: datetime) -> Plan:
    """What a check-in changes.

    Args:
        chip: the chip of the board that the bot reports; empty if unknown.
    """
    decision = _decide(row, report, chip)
    facts = _facts(row, report)
    return Plan(
        row=row,
        chip=chip,
        decision=decision,
        facts=facts,
        is_quiet=decision.event is None and not report.wants_rollback,
        is_published=decision.event is not None or _is_worth_publishing(row, facts, now),
    )


def _decide(row: CheckInRow, report: CheckInReport, chip: str) -> Decision:
    if row.update_id is None:
        return Decision(event=None, offer=False)
    fit = fits(chip=row.release_chip, fqbn=row.release_fqbn, bot_chip=chip, bot_board=report.board)
    opened = OpenUpdate(state=row.update_state, target_digest=row.target_digest, fits=fit)
    return rules.decide(opened, report)


def _facts(row: CheckInRow, report: CheckInReport) -> dict[str, object]:
    """What is stored of a check-in, by column."""
    failed_revision, error = failed_network(
        report, failed_revision=row.network_failed_revision, error=row.network_error
    )
    return {
        **{name: getattr(report, name) for name in REPORTED},
        "network_revision_used": report.network_revision,
        "network_failed_revision": failed_revision,
        "network_error": error,
        "sends_log": report.log,
    }


def _is_worth_publishing(row: CheckInRow, facts: dict[str, object], now: datetime) -> bool:
    """Whether a check-in that moved no update is published."""
    before = row.last_seen_at
    if before is None or connectivity(before, row.poll_after_s, now) != connectivity(
        now, row.poll_after_s, now
    ):
        return True
    if int(before.timestamp()) // _TELL_INTERVAL_S != int(now.timestamp()) // _TELL_INTERVAL_S:
        return True
    return any(facts[name] != getattr(row, name) for name in RARELY_CHANGED)
