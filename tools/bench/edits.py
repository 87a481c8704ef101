"""(a) Edit one line and get the new .bin; (b) ask for the same sources again."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app.builds.rules import FIRMWARE_NAME
from app.toolchain.rules import VIRTUAL_FQBN
from tools.bench.bench import Bench
from tools.bench.event_socket import EventSocket
from tools.bench.figures import Aim, Figure, Series
from tools.bench.plain_cli import AGENT, PlainCli
from tools.trial.server import ROOT

ENDS = {"succeeded", "failed", "timed_out", "cancelled", "lost"}
# With and without libraries; the number in the line is what each edit changes.
_SKETCHES = (("Blink", "onTime_ms = 500;", "onTime_ms = {};"), ("HttpGet", "delay(10000);", "delay({});"))
_FIRST_NUMBER = 20_001
_EDIT_AIM = Aim(limit=1.25, is_of_ratio=True)
_AGAIN_AIM = Aim(limit=100)
_AGAIN_NOTE = "Baseline: plain arduino-cli on the unchanged sketch, which compiles nothing either."
_PARTS = {
    "save": "the sketch is saved",
    "request": "the build is asked for",
    "wait": "in the queue",
    "work": "in the worker, the compiler included",
    "compiler": "of this in arduino-cli in its jail",
    "deliver": "the event of its end, and the download",
}


def example(name: str) -> str:
    """The source of an example."""
    return (ROOT / "sketches" / "examples" / name / f"{name}.ino").read_text()


@dataclass(kw_only=True)
class _Times:
    """What was measured for one sketch, in seconds: ours, and the baselines."""

    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in _PARTS})


class _Editor:
    """A person with one sketch, on the page and beside it in plain arduino-cli."""

    def __init__(self, bench: Bench, name: str, old: str, new: str) -> None:
        self.times = _Times()
        self._name = name
        self._new = new
        source = example(name)
        self._before, found, self._after = source.partition(old)
        assert found, f"{name} does not hold “{old}”"
        self._plain = PlainCli(bench.folder / "plain")
        # The bare commands have a build folder of their own, so that neither disturbs the other.
        self._bare = PlainCli(bench.folder / "bare")
        self._owner = bench.new_owner()
        self._events = EventSocket(bench.server.url, self._owner.http.cookies.get_dict())
        self._sketch_id = self._owner.new_sketch(name, source)
        self._revision = int(self._owner.call("GET", f"/sketches/{self._sketch_id}").json()["revision"])
        self._number = _FIRST_NUMBER
        self._warm_up()

    def measure_edits(self, repeats: int) -> _Times:
        """Take turns between an edit here, in arduino-cli, and in the bare commands."""
        self._bare.compile(self._write(self._bare))
        self._number += 1
        bare = self._bare.bare_commands(self._write(self._bare))
        for _ in range(repeats):
            last = self._number
            self._number += 1
            self.times.ours.append(self._edit_and_build())
            self.times.plain.append(self._plain.compile(self._write(self._plain)))
            change = (self._new.format(last), self._new.format(self._number))
            self.times.bare.append(self._bare.run_bare(bare, *change))
        self._events.close()
        return self.times

    def measure_again(self, repeats: int) -> _Times:
        """Take turns between asking again for what is built, and an unchanged compile."""
        for _ in range(repeats):
            self.times.ours.append(self._build_again())
            self.times.plain.append(self._plain.compile(self._write(self._plain)))
        self._events.close()
        return self.times

    def _warm_up(self) -> None:
        """The first compile of all and one edit."""
        for _ in range(2):
            self._number += 1
            self._edit_and_build()
            self._plain.compile(self._write(self._plain))
        self.times = _Times()

    def _source(self) -> str:
        return self._before + self._new.format(self._number) + self._after

    def _write(self, cli: PlainCli) -> Path:
        return cli.write(self._name, self._source(), AGENT)

    def _edit_and_build(self) -> float:
        """From the save request to the last byte of the new .bin."""
        # The server closes what idles for two seconds; a request may not meet that very moment.
        self._owner.http.close()
        started = time.perf_counter()
        files = {f"{self._name}.ino": self._source()}
        self._revision = self._owner.save(self._sketch_id, files, base_revision=self._revision)
        saved = time.perf_counter()
        asked = self._owner.compile(self._sketch_id, VIRTUAL_FQBN)
        requested = time.perf_counter()
        build_id = asked["build"]["id"]
        build = self._events.wait_event(
            "build.changed", lambda body: body["id"] == build_id and body["state"] in ENDS
        )
        assert build["state"] == "succeeded", build
        path = f"/builds/{build_id}/artifacts/{FIRMWARE_NAME}"
        image = self._owner.call("GET", path, expect=200).content
        ended = time.perf_counter()
        assert len(image) == build["image_bytes"]
        self._note_parts(build, saved - started, requested - saved, ended - started)
        return ended - started

    def _note_parts(self, build: dict[str, Any], save_s: float, request_s: float, all_s: float) -> None:
        created, begun, done = (
            datetime.fromisoformat(build[name]).timestamp()
            for name in ("created_at", "started_at", "finished_at")
        )
        found = {
            "save": save_s,
            "request": request_s,
            "wait": begun - created,
            "work": done - begun,
            "compiler": build["compile_s"],
        }
        # The build is created, and may even have begun, before its request is answered.
        found["deliver"] = max(0.0, all_s - save_s - (done - created))
        for name, seconds in found.items():
            self.times.parts[name].append(seconds)

    def _build_again(self) -> float:
        self._owner.http.close()
        started = time.perf_counter()
        answer = self._owner.compile(self._sketch_id, VIRTUAL_FQBN)
        ended = time.perf_counter()
        assert answer["reused"], answer
        return ended - started


def measure_edits(bench: Bench) -> list[Figure]:
    """(a): each sketch's edit against plain arduino-cli and against the bare commands."""
    found = []
    for name, old, new in _SKETCHES[: bench.pick(len(_SKETCHES), 1)]:
        times = _Editor(bench, name, old, new).measure_edits(bench.pick(15, 2))
        found += _edit_figures(name, times)
    return found


def measure_again(bench: Bench) -> list[Figure]:
    """(b): the answer to a request for sources that were built before."""
    name, old, new = _SKETCHES[0]
    times = _Editor(bench, name, old, new).measure_again(bench.pick(40, 3))
    return [
        Figure(
            part="b",
            title=f"{name}: the same sources again",
            ours=_series("request → answer", times.ours),
            baseline=_series("arduino-cli", times.plain),
            aim=_AGAIN_AIM,
            note=_AGAIN_NOTE,
        )
    ]


def _edit_figures(name: str, times: _Times) -> list[Figure]:
    ours = _series("edit → .bin", times.ours)
    plain = _series("arduino-cli", times.plain)
    bare = _series("compile + link", times.bare)
    return [
        Figure(part="a", title=f"{name}: edit → .bin", ours=ours, baseline=plain, aim=_EDIT_AIM),
        Figure(part="a", title=f"{name}: edit → .bin, bare", ours=ours, baseline=bare),
        Figure(part="a", title=f"{name}: arduino-cli, bare", ours=plain, baseline=bare),
        *(
            Figure(part="a", title=f"{name}: {words}", ours=_series(part, times.parts[part]))
            for part, words in _PARTS.items()
        ),
    ]


def _series(name: str, seconds: list[float]) -> Series:
    return Series(name=name, unit="ms", values=tuple(1000 * value for value in seconds))
