"""(f) A line of a build's log from the worker to the browsers that watch it."""

import multiprocessing
import re
import selectors
import time
from collections.abc import Mapping
from typing import Any

from app.builds.notifications import publish_log
from app.events.publisher import RedisEventPublisher
from app.kernel.redis_client import open_redis
from app.toolchain.rules import VIRTUAL_FQBN
from tools.bench.bench import Bench
from tools.bench.edits import example
from tools.bench.event_socket import EventSocket
from tools.bench.figures import Figure, Series, percentile
from tools.trial.server import Owner

_PROCESSES = 4
# A worker batches lines this long before it publishes them.
_INTERVAL_S = 0.1
_LIMIT_S = 120.0
_STAMP = re.compile(r"at=(\d+) ")
_END = "no more lines"
_NOTE = (
    f"Lines go to the build that all watch and to the build that one watches in turns, each {_INTERVAL_S} s, "
    f"published by a process of its own; the watchers are sockets in {_PROCESSES} processes on this machine."
)
_fork = multiprocessing.get_context("fork")


def measure_log_events(bench: Bench) -> list[Figure]:
    """(f): from publishing a log line to its arrival at 100 watchers, against one watcher."""
    owner = bench.new_owner()
    rooms = _two_builds(owner)
    watchers, lines = bench.pick(100, 8), bench.pick(200, 10)
    many, one = _watch(bench, owner, rooms, watchers, lines)
    assert len(many) == watchers * lines, f"{len(many)} of {watchers * lines} lines arrived"
    assert len(one) == lines, f"{len(one)} of {lines} lines arrived"
    return [
        Figure(
            part="f",
            title=f"log line → browser, {word}",
            ours=Series(name=f"{watchers} watchers", unit="ms", values=(percentile(many, percent),)),
            baseline=Series(name="1 watcher", unit="ms", values=(percentile(one, percent),)),
            note=_NOTE,
        )
        for word, percent in (("p50", 50), ("p95", 95), ("p99", 99))
    ]


def _two_builds(owner: Owner) -> tuple[str, str]:
    """A build that all watch, and one that one watches."""
    sketch_id = owner.new_sketch("Blink", example("Blink"))
    first = str(owner.compile(sketch_id, VIRTUAL_FQBN)["build"]["id"])
    owner.ended_build(first)
    other = owner.new_sketch("Fade", example("Fade"))
    second = str(owner.compile(other, VIRTUAL_FQBN)["build"]["id"])
    owner.ended_build(second)
    return first, second


def _watch(
    bench: Bench, owner: Owner, builds: tuple[str, str], watchers: int, lines: int
) -> tuple[list[float], list[float]]:
    """Latencies in milliseconds of the lines of both builds."""
    barrier = _fork.Barrier(_PROCESSES + 2)
    results: Any = _fork.Queue()
    cookies = owner.http.cookies.get_dict()
    url = bench.server.url
    shares = {f"many {place}": (builds[0], watchers // _PROCESSES) for place in range(_PROCESSES)}
    shares["one"] = (builds[1], 1)
    children = [
        _fork.Process(target=_listen, args=(name, url, cookies, build, count, barrier, results))
        for name, (build, count) in shares.items()
    ]
    settings = bench.settings
    publisher = _fork.Process(target=_publish, args=(settings.redis_url, builds, lines, barrier))
    for child in (*children, publisher):
        child.start()
    found: Mapping[str, list[float]] = dict(results.get(timeout=_LIMIT_S) for _ in children)
    for child in (*children, publisher):
        child.join()
    many = [value for name, values in found.items() if name != "one" for value in values]
    return many, found["one"]


def _publish(redis_url: str, builds: tuple[str, str], lines: int, barrier: Any) -> None:
    """Publish as a worker does."""
    events = RedisEventPublisher.immediate(open_redis(redis_url), redis_url)
    barrier.wait(_LIMIT_S)
    for number in range(lines):
        for build in builds:
            time.sleep(_INTERVAL_S)
            text = f"line {number} at={time.monotonic_ns()} Compiling sketch, as compilers say it.\n"
            publish_log(events, build, number, text)
    time.sleep(1)
    for build in builds:
        publish_log(events, build, lines, _END)


def _listen(  # noqa: PLR0917 - a process passes its arguments by position
    name: str, url: str, cookies: dict[str, str], build: str, count: int, barrier: Any, results: Any
) -> None:
    """Watch a build with `count` sockets until its last line has come to each."""
    selector = selectors.DefaultSelector()
    for _ in range(count):
        socket = EventSocket(url, cookies)
        socket.subscribe(f"build:{build}")
        selector.register(socket, selectors.EVENT_READ, socket)
    barrier.wait(_LIMIT_S)
    latencies: list[float] = []
    open_sockets = count
    while open_sockets:
        for key, _ in selector.select(_LIMIT_S):
            frame = key.data.receive() or ""
            arrived = time.monotonic_ns()
            stamp = _STAMP.search(frame)
            if stamp:
                latencies.append((arrived - int(stamp[1])) / 1e6)
            elif _END in frame:
                open_sockets -= 1
                selector.unregister(key.fileobj)
                key.data.close()
    results.put((name, latencies))
