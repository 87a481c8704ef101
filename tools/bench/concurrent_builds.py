"""(c) Thirty people who compile at once: all the same example, or all something different."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from threading import Barrier
from typing import Any

from app.toolchain.rules import VIRTUAL_FQBN
from tools.bench.bench import Bench
from tools.bench.edits import ENDS, example
from tools.bench.event_socket import EventSocket
from tools.bench.figures import Figure, Series
from tools.bench.plain_cli import AGENT, PlainCli
from tools.trial.server import Owner

_USERS = 30
_SAMPLES = 5
_LINE = "onTime_ms = 500;"
_NOTE_SAME = "Baseline: plain arduino-cli on one sketch that is new to it; the server compiles once for all."
_NOTE_DIFFERENT = (
    f"Baseline: {_SAMPLES} new sketches with plain arduino-cli one after the other, "
    f"times {_USERS // _SAMPLES}: an estimate."
)


class _User:
    """One of many users, with a page open."""

    def __init__(self, bench: Bench) -> None:
        self._owner: Owner = bench.new_owner()

    def open_sketch(self, name: str, source: str) -> str:
        """A new sketch of this person, and a page that shows it."""
        self._events = EventSocket(self._owner.url, self._owner.http.cookies.get_dict())
        return self._owner.new_sketch(name, source)

    def build(self, sketch_id: str, start: Barrier) -> "_Ended":
        """Ask for a build together with all others and wait for its end."""
        # The server closes what idles for two seconds; a request may not meet that very moment.
        self._owner.http.close()
        start.wait()
        build = self._owner.compile(sketch_id, VIRTUAL_FQBN)["build"]
        assert isinstance(build, dict)
        if build["state"] not in ENDS:
            build = self._events.wait_event(
                "build.changed", lambda body: body["id"] == build["id"] and body["state"] in ENDS
            )
        at = time.perf_counter()
        assert build["state"] == "succeeded", build
        self._events.close()
        return _Ended(at=at, build=build)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """The end of one person's build; `at` on the clock of `time.perf_counter`."""

    at: float
    build: dict[str, Any]

    @property
    def is_compiled(self) -> bool:
        """Whether a compiler ran for it; the result of a duplicate build took no time."""
        return bool(self.build["compile_s"])


class _Users:
    """Rounds of builds by many, and of the same work by one arduino-cli."""

    def __init__(self, bench: Bench) -> None:
        self._size = bench.pick(_USERS, 3)
        self._samples = min(_SAMPLES, self._size)
        self._people = [_User(bench) for _ in range(self._size)]
        self._plain = PlainCli(bench.folder / "plain")
        self._numbers = count(30_001)
        self._names = (f"Concurrent{number}" for number in count(1))
        # The core of the board is compiled once, before all measuring.
        self._plain.compile(self._plain.write(next(self._names), self._source(), AGENT))
        self._people[0].build(self._people[0].open_sketch(next(self._names), self._source()), Barrier(1))

    def round_of_same(self) -> tuple[float, int, float]:
        """Seconds for all, how many were compiled, seconds of plain arduino-cli for one."""
        name, source = next(self._names), self._source()
        seconds, compiled = self._all_at_once(name, [source] * self._size)
        return seconds, compiled, self._plain.compile(self._plain.write(name, source, AGENT))

    def round_of_different(self) -> tuple[float, int, float]:
        """Seconds for all, how many were compiled, seconds of plain arduino-cli for as many in sequence."""
        name = next(self._names)
        seconds, compiled = self._all_at_once(name, [self._source() for _ in self._people])
        sketches = [self._plain.write(next(self._names), self._source(), AGENT) for _ in range(self._samples)]
        plain = sum(map(self._plain.compile, sketches)) * self._size / self._samples
        return seconds, compiled, plain

    def _all_at_once(self, name: str, sources: list[str]) -> tuple[float, int]:
        sketches = [
            person.open_sketch(name, source) for person, source in zip(self._people, sources, strict=True)
        ]
        start = Barrier(self._size + 1)
        with ThreadPoolExecutor(self._size) as pool:
            builds = [
                pool.submit(person.build, sketch, start)
                for person, sketch in zip(self._people, sketches, strict=True)
            ]
            start.wait()
            started = time.perf_counter()
            ended = [build.result() for build in builds]
        return max(end.at for end in ended) - started, sum(end.is_compiled for end in ended)

    def _source(self) -> str:
        """A Blink that nobody has compiled yet."""
        return example("Blink").replace(_LINE, f"onTime_ms = {next(self._numbers)};")


def measure_concurrent_builds(bench: Bench) -> list[Figure]:
    """(c): thirty accounts at once, against plain arduino-cli once and thirty times."""
    users = _Users(bench)
    rounds = bench.pick(3, 1)
    same, different = [], []
    for _ in range(rounds):
        same.append(users.round_of_same())
        different.append(users.round_of_different())
    return [
        *_figures("the same", same, _NOTE_SAME),
        *_figures("different", different, _NOTE_DIFFERENT),
    ]


def _figures(what: str, rounds: list[tuple[float, int, float]], note: str) -> list[Figure]:
    seconds, compiled, plain = zip(*rounds, strict=True)
    return [
        Figure(
            part="c",
            title=f"all at once, {what}: until the last",
            ours=Series(name="thirty users", unit="s", values=seconds),
            baseline=Series(name="arduino-cli", unit="s", values=plain),
            note=note,
        ),
        Figure(
            part="c",
            title=f"all at once, {what}: compiled",
            ours=Series(name="builds", unit="builds", values=tuple(map(float, compiled))),
        ),
    ]
