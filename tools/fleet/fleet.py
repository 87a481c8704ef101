"""A fleet: many bots in several processes, and what they say of themselves."""

import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Self

import psutil

from tools.bench.ground import cpu_s
from tools.fleet.bot import BotNews, BotPlan
from tools.fleet.faults import Fault
from tools.fleet.ground import Enrolled, Ground
from tools.fleet.squad import run_squad

_STARTS_PER_S = 25
_JOIN_LIMIT_S = 20.0


@dataclass(kw_only=True)
class Squad:
    """One process of bots, as seen from outside."""

    process: BaseProcess
    wire: "Connection[object, object]"
    news: list[BotNews] = field(default_factory=list)

    def listen(self) -> None:
        """Take the newest news.

        Raises:
            RuntimeError: the process ended.
        """
        try:
            while self.wire.poll():
                self.news = self.wire.recv()  # type: ignore[assignment]
        except EOFError:
            raise RuntimeError(f"a process of the fleet ended with {self.process.exitcode}") from None


class Fleet:
    """Bots at work; a context that starts and ends their processes."""

    def __init__(
        self, ground: Ground, bots: Sequence[Enrolled], faults: Sequence[Fault | None], image: bytes
    ) -> None:
        self.ground = ground
        self.faults = {bot.product_id: fault for bot, fault in zip(bots, faults, strict=True)}
        self._plans = [
            BotPlan(
                product_id=bot.product_id,
                key=bot.key,
                server=ground.url,
                fault=self.faults[bot.product_id],
                start_after_s=place / _STARTS_PER_S,
            )
            for place, bot in enumerate(bots)
        ]
        self._image = image
        self._squads: list[Squad] = []

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        count = min(os.cpu_count() or 1, len(self._plans))
        for place in range(count):
            ours, theirs = context.Pipe()
            arguments = (self._plans[place::count], self._image, theirs)
            process = context.Process(target=run_squad, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self._squads.append(Squad(process=process, wire=ours))
        return self

    def __exit__(self, *_: object) -> None:
        for squad in self._squads:
            squad.wire.close()
        for squad in self._squads:
            squad.process.join(_JOIN_LIMIT_S)
            if squad.process.is_alive():
                squad.process.kill()
                squad.process.join()

    @property
    def news(self) -> list[BotNews]:
        """The newest of all bots."""
        for squad in self._squads:
            squad.listen()
        return [news for squad in self._squads for news in squad.news]

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
        return [squad.process.pid for squad in self._squads if squad.process.pid]

    def is_up(self) -> bool:
        """Whether every bot runs and has checked in since its last start."""
        news = self.news
        return len(news) == len(self._plans) and all(bot.has_called for bot in news)
