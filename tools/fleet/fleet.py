"""A fleet: many bots in several processes, and their status reports."""

import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Self

import psutil

from tools.bench.bench import cpu_s
from tools.fleet.bot import BotPlan, BotStatus
from tools.fleet.bot_process import run_bots
from tools.fleet.faults import Fault
from tools.fleet.server import Enrolled, FleetServer

_STARTS_PER_S = 25
_JOIN_LIMIT_S = 20.0


@dataclass(kw_only=True)
class BotProcess:
    """One process of bots, as seen from outside."""

    process: BaseProcess
    pipe: "Connection[object, object]"
    statuses: list[BotStatus] = field(default_factory=list)

    def listen(self) -> None:
        """Receive the newest statuses.

        Raises:
            RuntimeError: the process ended.
        """
        try:
            while self.pipe.poll():
                self.statuses = self.pipe.recv()  # type: ignore[assignment]
        except EOFError:
            raise RuntimeError(f"a process of the fleet ended with {self.process.exitcode}") from None


class Fleet:
    """Bots at work; a context that starts and ends their processes."""

    def __init__(
        self, server: FleetServer, bots: Sequence[Enrolled], faults: Sequence[Fault | None], image: bytes
    ) -> None:
        self.server = server
        self.faults = {bot.product_id: fault for bot, fault in zip(bots, faults, strict=True)}
        self._plans = [
            BotPlan(
                product_id=bot.product_id,
                key=bot.key,
                server=server.url,
                fault=self.faults[bot.product_id],
                start_after_s=place / _STARTS_PER_S,
            )
            for place, bot in enumerate(bots)
        ]
        self._image = image
        self._processes: list[BotProcess] = []

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        count = min(os.cpu_count() or 1, len(self._plans))
        for place in range(count):
            ours, theirs = context.Pipe()
            arguments = (self._plans[place::count], self._image, theirs)
            process = context.Process(target=run_bots, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self._processes.append(BotProcess(process=process, pipe=ours))
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._processes:
            child.pipe.close()
        for child in self._processes:
            child.process.join(_JOIN_LIMIT_S)
            if child.process.is_alive():
                child.process.kill()
                child.process.join()

    @property
    def statuses(self) -> list[BotStatus]:
        """The newest of all bots."""
        for child in self._processes:
            child.listen()
        return [status for child in self._processes for status in child.statuses]

    @property
    def cpu_s(self) -> float:
        """Processor seconds that the bots have used so far."""
        return cpu_s(self._pids)

    @property
    def memory_bytes(self) -> int:
        """What the bots' processes have in memory now."""
        return sum(psutil.Process(pid).memory_info().rss for pid in self._pids)

    @property
    def _pids(self) -> list[int]:
        return [child.process.pid for child in self._processes if child.process.pid]

    def is_up(self) -> bool:
        """Whether every bot runs and has checked in since its last start."""
        statuses = self.statuses
        return len(statuses) == len(self._plans) and all(bot.has_called for bot in statuses)
