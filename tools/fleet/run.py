"""One run of a fleet: up, polling for a while, updated, judged."""

import hashlib
import math
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.updates.rules import UpdateState
from tools.fleet.bot_process import STATUS_INTERVAL_S
from tools.fleet.bot_result import BotResult, judge
from tools.fleet.faults import Fault
from tools.fleet.fleet import Fleet
from tools.fleet.server import FleetServer, Meter

POLL_S = 5
"""Seconds between two check-ins of a bot; a fleet of real bots has 60."""
_TICK_S = 0.5
_UP_LIMIT_S = 120.0
_UPDATE_LIMIT_S = 420.0
_FRESH_STATUS_S = 3 * STATUS_INTERVAL_S


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What to run.

    Attributes:
        faults: of each bot, or None.
        poll_for_s: how long the bots poll undisturbed, before the update.
        outage: kills the web server, which then comes back; called when half of the bots have their offer.
    """

    faults: Sequence[Fault | None]
    poll_for_s: float
    outage: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a run took.

    Attributes:
        agents_per_core: bots that one processor core runs, from the fleet's own processor time.
        memory_bytes_per_agent: of the fleet's own processes, over the number of bots.
        updates_per_minute: ended updates, over the time to the last end.
    """

    agents_per_core: float
    memory_bytes_per_agent: float
    cpu_ms_per_check_in: float
    cpu_ms_per_update: float
    peak_memory_bytes: int
    updates_per_minute: float
    median_update_s: float
    last_update_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of every bot, and what it took.

    Attributes:
        previous_digest: SHA-256 of the image before the update, lower-case hex.
        new_digest: of the one that was sent.
    """

    previous_digest: str
    new_digest: str
    bot_results: list[BotResult]
    costs: Costs


def run_fleet(url: str, options: RunOptions, tell: Callable[[str], None]) -> Result:
    """Run a fleet against a server of this machine.

    Args:
        tell: gets the state in one line, again and again.
    """
    server = FleetServer(url)
    tell("building two releases")
    _, first = server.build(release=1)
    build_id, second = server.build(release=2)
    bots = server.enrol(len(options.faults), POLL_S)
    with Fleet(server, bots, options.faults, first) as fleet:
        run = Run(fleet=fleet, tell=tell)
        run.bring_up()
        polled = run.poll(options.poll_for_s)
        costs = run.costs(polled, run.update(build_id, options.outage))
        outcomes, statuses = server.outcomes(), fleet.statuses
    bot_results = [judge(bot, outcomes.get(bot.product_id), fleet.faults[bot.product_id]) for bot in statuses]
    return Result(
        previous_digest=hashlib.sha256(first).hexdigest(),
        new_digest=hashlib.sha256(second).hexdigest(),
        bot_results=bot_results,
        costs=costs,
    )


@dataclass(kw_only=True)
class Run:
    """A fleet in the course of its run."""

    fleet: Fleet
    tell: Callable[[str], None]
    peak_memory_bytes: int = 0
    _begun_s: float = field(default_factory=time.monotonic)

    def bring_up(self) -> None:
        """Wait until all bots have called."""
        self._wait(self.fleet.is_up, _UP_LIMIT_S)

    def poll(self, duration_s: float) -> tuple[float, float]:
        """Let the bots poll; agents per core, and the server's processor time per check-in in ms."""
        meter = Meter(server=self.fleet.server, check_ins=self._check_ins())
        fleet_cpu_s = self.fleet.cpu_s
        end = time.monotonic() + duration_s
        self._wait(lambda: time.monotonic() >= end, duration_s + _TICK_S)
        used_cores = (self.fleet.cpu_s - fleet_cpu_s) / meter.elapsed_s
        done = max(1, self._check_ins() - meter.check_ins)
        return len(self.fleet.statuses) / used_cores, meter.cpu_ms / done

    def update(self, build_id: str, outage: Callable[[], None] | None = None) -> float:
        """Send a build to all and wait for the ends; the server's processor time per update in ms.

        After an outage only the time of the new processes counts.
        """
        meter = Meter(server=self.fleet.server, check_ins=0)
        self.fleet.server.send(build_id, list(self.fleet.faults))
        if outage is not None:
            self._wait(self._is_under_way, _UPDATE_LIMIT_S)
            previous = self.fleet.server.web
            outage()
            self._wait(lambda: self.fleet.server.is_back(previous), _UP_LIMIT_S)
            meter = Meter(server=self.fleet.server, check_ins=0)
        self._wait(self._has_settled, _UPDATE_LIMIT_S)
        spent = meter.cpu_ms / len(self.fleet.faults)
        self._wait_for_fresh_status()
        return spent

    def costs(self, polled: tuple[float, float], cpu_ms_per_update: float) -> Costs:
        """All figures of the run."""
        times = [outcome.ended_after_s for outcome in self.fleet.server.outcomes().values()]
        return Costs(
            agents_per_core=polled[0],
            memory_bytes_per_agent=self.fleet.memory_bytes / len(self.fleet.faults),
            cpu_ms_per_check_in=polled[1],
            cpu_ms_per_update=cpu_ms_per_update,
            peak_memory_bytes=self.peak_memory_bytes,
            updates_per_minute=len(times) * 60 / max(times),
            median_update_s=statistics.median(times),
            last_update_s=max(times),
        )

    def _check_ins(self) -> int:
        return sum(bot.check_ins for bot in self.fleet.statuses)

    def _is_under_way(self) -> bool:
        return 2 * self.fleet.server.states()[UpdateState.ARMED] <= len(self.fleet.faults)

    def _has_settled(self) -> bool:
        return not self.fleet.server.has_open_updates() and self.fleet.is_up()

    def _wait_for_fresh_status(self) -> None:
        """The processes' last statuses may be older than what the server knows."""
        end = time.monotonic() + _FRESH_STATUS_S
        self._wait(lambda: time.monotonic() >= end and self.fleet.is_up(), 10 * _FRESH_STATUS_S)

    def _wait(self, is_done: Callable[[], bool], limit_s: float) -> None:
        """Wait, tell how it stands, and give up at the limit: the report will show who is stuck."""
        end = time.monotonic() + limit_s
        while not is_done() and time.monotonic() < end:
            self.peak_memory_bytes = max(self.peak_memory_bytes, self.fleet.server.memory_bytes())
            self.tell(self._line())
            time.sleep(_TICK_S)
        self.tell(self._line())

    def _line(self) -> str:
        statuses = self.fleet.statuses
        states = self.fleet.server.states()
        planned = sum(fault is not None for fault in self.fleet.faults.values())
        return "  ".join(
            [
                f"{math.floor(time.monotonic() - self._begun_s):4} s",
                f"bots up {sum(bot.has_called for bot in statuses)}/{len(self.fleet.faults)}",
                f"updates: {_words(states)}",
                f"faults {sum(bot.fault_happened for bot in statuses)}/{planned}",
            ]
        )


def _words(states: Counter[UpdateState]) -> str:
    return ", ".join(f"{states[state]} {state}" for state in UpdateState if states[state]) or "none yet"
