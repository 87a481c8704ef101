"""(g) From an edit to the bot on the screen that runs it; (i) what many virtual bots on one page cost."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psutil
from playwright.sync_api import Browser, BrowserContext, Page

from tools.bench.bench import Bench
from tools.bench.edits import example
from tools.bench.figures import Aim, Figure, Series
from tools.bench.plain_cli import AGENT, PlainCli
from tools.trial.browser import chromium_path, running_browser, see
from tools.trial.server import Owner, Server, wait_until
from tools.trial.virtual import at_home, finished_build, new_bot

_LINE = "onTime_ms = 500;"
_RUNNING_AIM = Aim(limit=2000)
_RUNNING_NOTE = (
    "A program clicks Compile, Send and the trigger as soon as each is there, until the new image lights its "
    "LED. Baseline: arduino-cli alone on the same edit."
)
_IDLE_AIM = Aim(limit=33)
_IDLE_NOTE = "All processes of Chromium together. Baseline: one bot alone on the page."
_BOTS = 50
_IDLE = "void setup() {}\nvoid loop() {}\n"
_PRESS_MS = 60
_STEPS = ("until it is built", "until it is sent", "until its LED lights up")
_RUNNING = """() => [...document.querySelectorAll(".vcard .card__meta")]
  .filter((line) => line.innerText.startsWith("Running")).length"""
_LED = """() => {
  const board = document.querySelector(".vboard");
  return [board?.querySelector(".vboard__state").innerText ?? "", board?.dataset.led];
}"""


class _User:
    """Somebody at the sketch page with a virtual bot beside the editor."""

    def __init__(self, server: Server, context: BrowserContext, owner: Owner) -> None:
        self._before, _, self._after = example("Blink").partition(_LINE)
        sketch = owner.new_sketch("Blink", example("Blink"))
        build = owner.compile(sketch)["build"]
        assert isinstance(build, dict)
        owner.ended_build(build["id"])
        page, bot = new_bot(context, server.url, "Blink")
        page.close()
        context.add_init_script(f"localStorage.setItem('airsketch:bot', '{bot}')")
        self._page = context.new_page()
        self._page.goto(f"{server.url}/sketches/{sketch}")
        see(self._page, "Running Blink from slot ota_0", inside=".vboard__state")
        self._slot = 0

    def source(self, number: int) -> str:
        """The sketch with another number in it."""
        return f"{self._before}onTime_ms = {number};{self._after}"

    def edit_until_it_runs(self, number: int) -> tuple[float, ...]:
        """Change the sketch; when each of `_STEPS` was done, in seconds since the press of Compile."""
        page = self._page
        page.click(".cm-content[contenteditable=true]")
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(self.source(number))
        self._slot = 1 - self._slot
        started = time.perf_counter()
        page.keyboard.press("Control+Enter")
        see(page, "Not sent to a bot yet", inside=".ide__timeline", limit_s=60)
        done = [time.perf_counter()]
        page.get_by_role("button", name="Send to bot").click()
        see(page, "Press the trigger button", inside=".ide__timeline")
        done.append(time.perf_counter())
        page.get_by_role("button", name="Trigger", exact=True).click(delay=_PRESS_MS)
        wait_until(self._shines, "the LED of the new image", pause_s=0.01)
        done.append(time.perf_counter())
        see(page, "is running this sketch", inside=".ide__timeline")
        wait_until(lambda: "not confirmed" not in page.inner_text(".vboard__state"), "the bot's own yes")
        return tuple(at - started for at in done)

    def _shines(self) -> bool:
        state, led = self._page.evaluate(_LED)
        return f"slot ota_{self._slot}" in state and led == "on"


def measure_running(bench: Bench) -> list[Figure]:
    """(g): Compile, Send, trigger, restart, first light; against the compile alone."""
    with _browser() as browser:
        if browser is None:
            return []
        owner = bench.new_owner()
        plain = PlainCli(bench.folder / "plain")
        with at_home(browser, owner, bench.server.url) as context:
            person = _User(bench.server, context, owner)
            numbers = count(10_001)
            ours, plain_ms = [], []
            # The first two rounds warm everything up.
            for _ in range(2 + bench.pick(8, 1)):
                number = next(numbers)
                ours.append([1000 * at for at in person.edit_until_it_runs(number)])
                plain_ms.append(1000 * plain.compile(plain.write("Blink", person.source(number), AGENT)))
    steps = dict(zip(_STEPS, zip(*ours[2:], strict=True), strict=True))
    baseline = Series(name="arduino-cli", unit="ms", values=tuple(plain_ms[2:]))
    return [_running_figure(words, values, baseline) for words, values in steps.items()]


def _running_figure(words: str, values: tuple[float, ...], baseline: Series) -> Figure:
    """A step on the way to the virtual bot; only the last has an aim."""
    return Figure(
        part="g",
        title=f"Blink: from Compile {words}",
        ours=Series(name="edit → running", unit="ms", values=values),
        baseline=baseline,
        aim=_RUNNING_AIM if words == _STEPS[-1] else None,
        note=_RUNNING_NOTE,
    )


def measure_many(bench: Bench) -> list[Figure]:
    """(i): fifty virtual bots on one page, whose sketches do nothing, or blink."""
    with _browser() as browser:
        if browser is None:
            return []
        return [
            _figure(bench, browser, "that do nothing", _IDLE, _IDLE_AIM),
            _figure(bench, browser, "that blink", example("Blink"), None),
        ]


def _figure(bench: Bench, browser: Browser, words: str, source: str, aim: Aim | None) -> Figure:
    """The share of a core of many bots and of one; an account of its own, for making bots is limited."""
    owner = bench.new_owner()
    finished_build(owner, "Many", source)
    number = bench.pick(_BOTS, 3)
    with at_home(browser, owner, bench.server.url) as context:
        page = context.new_page()
        page.goto(f"{bench.server.url}/virtual-bots")
        _add_bots(page, owner, 1)
        alone = _shares(bench)
        _add_bots(page, owner, number)
        together = _shares(bench)
    return Figure(
        part="i",
        title=f"{number} virtual bots {words}: share of a core",
        ours=Series(name="together", unit="%", values=together),
        baseline=Series(name="one", unit="%", values=alone),
        aim=aim,
        note=_IDLE_NOTE,
    )


def _add_bots(page: Page, owner: Owner, wanted: int) -> None:
    """Create bots until this many run; each has called the server by then."""
    for number in range(page.evaluate(_RUNNING) + 1, wanted + 1):
        page.get_by_role("button", name="Add virtual bot").click()
        wait_until(lambda: page.evaluate(_RUNNING) == number, f"bot {number}")  # noqa: B023
    wait_until(lambda: _called(owner) == wanted, "the first call of each bot")


def _called(owner: Owner) -> int:
    devices = owner.call("GET", "/devices", expect=200).json()["devices"]
    return sum(bool(device["is_virtual"] and device["last_seen_at"]) for device in devices)


def _shares(bench: Bench) -> tuple[float, ...]:
    """The share of a core that Chromium takes, in per cent, a few times."""
    return tuple(_share(2.0) for _ in range(bench.pick(3, 1)))


def _share(wait_s: float) -> float:
    before, started = _chromium_s(), time.perf_counter()
    time.sleep(wait_s)
    return 100 * (_chromium_s() - before) / (time.perf_counter() - started)


def _chromium_s() -> float:
    """Processor seconds of all processes of our Chromium so far."""
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            if "chrom" in process.name():
                times = process.cpu_times()
                seconds += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return seconds


@contextmanager
def _browser() -> Iterator[Browser | None]:
    """A browser, or None with a word about it."""
    if chromium_path() is None:
        sys.stderr.write("    there is no Chromium on this machine\n")
        yield None
        return
    with running_browser() as browser:
        yield browser
