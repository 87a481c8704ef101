"""A bot over many boots, with images of a few instructions."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.tools.fleet.tiny import CONFIRM, CRASH, HANG, REST, RESTART, fetches, tiny_image
from tools.fleet import host
from tools.fleet.bot import BotPlan, FleetBot
from tools.fleet.faults import Fault, FaultKind
from tools.fleet.host import Ending
from tools.fleet.modules import Modules
from tools.fleet.slots import BootKind

GOOD = tiny_image(CONFIRM, REST)
Live = Callable[..., FleetBot]


@pytest.fixture
def live() -> Iterator[Live]:
    """Lets a bot live until it has booted so often."""
    stop = threading.Event()
    modules = Modules()
    threads: list[threading.Thread] = []

    def start(image: bytes, fault: Fault | None = None, *, boots: int) -> FleetBot:
        plan = BotPlan(
            product_id="bot_1", key=bytes(32), server="http://127.0.0.1:9", fault=fault, start_after_s=0
        )
        bot = FleetBot(plan, image, modules, stop)
        threads.append(threading.Thread(target=bot.live))
        threads[-1].start()
        end = time.monotonic() + 20
        while bot.status().boots < boots and time.monotonic() < end:
            time.sleep(0.02)
        assert bot.status().boots >= boots
        time.sleep(0.1)
        return bot

    yield start
    stop.set()
    for thread in threads:
        thread.join()
    modules.stop()


def test_a_new_image_that_is_confirmed_stays(live: Live) -> None:
    bot = live(fetches(GOOD), boots=2)
    assert (bot.slots.image, bot.slots.is_on_trial, bot.status().rollbacks) == (GOOD, False, 0)
    assert bot.status().endings == ((Ending.RESTART, 1),)


@pytest.mark.parametrize(("harm", "ending"), [(CRASH, Ending.CRASH), (HANG, Ending.HANG)])
def test_an_image_that_crashes_or_hangs_on_trial_gives_way(
    live: Live, monkeypatch: pytest.MonkeyPatch, harm: str, ending: Ending
) -> None:
    monkeypatch.setattr(host, "WATCHDOG_S", 0.5)
    previous = fetches(tiny_image(harm))
    bot = live(previous, boots=3)
    assert bot.status().rollbacks == 1
    assert dict(bot.status().endings)[ending] >= 1


def test_an_image_that_restarts_without_a_word_gives_way(live: Live) -> None:
    previous = fetches(tiny_image(RESTART))
    bot = live(previous, boots=3)
    assert bot.status().rollbacks == 1


def test_the_watchdog_leaves_an_image_that_rests_alone(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "WATCHDOG_S", 0.5)
    bot = live(GOOD, boots=1)
    time.sleep(1.2)
    assert bot.status().boots == 1


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.99])
def test_power_that_fails_while_an_image_is_written_costs_nothing(live: Live, place: float) -> None:
    bot = live(fetches(GOOD), Fault(kind=FaultKind.POWER_CUT, place=place), boots=3)
    status = bot.status()
    assert status.fault_happened
    assert (bot.slots.image, status.rollbacks) == (GOOD, 0)
    assert dict(status.endings) == {Ending.POWER_CUT: 1, Ending.RESTART: 1}


def test_power_that_fails_after_the_switch_boots_the_new_image(live: Live) -> None:
    bot = live(fetches(GOOD), Fault(kind=FaultKind.POWER_CUT, place=1.05), boots=2)
    assert bot.slots.image == GOOD
    assert dict(bot.status().endings) == {Ending.POWER_CUT: 1}


def test_an_image_that_no_bot_could_run_is_never_switched_to(live: Live) -> None:
    previous = fetches(b"\0asm\1\0\0\0 but not really")
    bot = live(previous, boots=2)
    assert bot.slots.image == previous
    assert bot.slots.boot_kind is BootKind.NORMAL
