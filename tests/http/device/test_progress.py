"""Progress: a few numbers a second, beside the stream."""

import threading

import pytest

from app.events.names import EventName
from app.http.device import progress
from app.http.device.progress import ProgressSteps, ProgressWriter, progress_of
from app.updates.rules import UpdateId, UpdateState
from tests.factories import reread
from tests.http.device.conftest import IMAGE, Bot, World


class Ticker:
    """Monotonic seconds, moved by hand."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_each_step_of_five_percent_is_told_when_there_is_time() -> None:
    ticker = Ticker()
    steps = ProgressSteps(1000, ticker)
    published = []
    for done in range(10, 1001, 10):
        ticker.time += 1
        if steps.is_worth_telling(done):
            published.append(done)
    assert published == list(range(50, 1001, 50))


def test_a_quick_download_is_told_four_times_a_second_and_at_its_end() -> None:
    ticker = Ticker()
    steps = ProgressSteps(1000, ticker)
    published = []
    for done in range(10, 1001, 10):
        ticker.time += 0.01
        if steps.is_worth_telling(done):
            published.append(done)
    assert len(published) == 4
    assert published[-1] == 1000


def test_a_bot_that_reads_slowly_shows_its_percent(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_INTERVAL_S", 0.0)
    row, _ = world.send()
    bot.check_in()
    pieces = iter(bot.fetch(row.id, buffered=False).response)
    taken = 0
    while taken < len(IMAGE) * 0.4:
        taken += len(next(pieces))
    next(pieces)
    progress_of(world.app).drain()
    row = reread(world.session, row)
    assert (row.state, row.bytes_done) == (UpdateState.DOWNLOADING, taken)
    pieces.close()  # type: ignore[attr-defined]


def test_a_busy_database_does_not_hold_the_stream(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    written: list[int] = []

    def slow(_runtime: object, _update_id: str, done: int, _installs: bool) -> None:
        free.wait(10)
        written.append(done)

    monkeypatch.setattr(progress, "_store", slow)
    writer = ProgressWriter(world.app)
    for done in range(1, 100):
        writer.note(UpdateId("u"), done, installs=False)
    free.set()
    writer.drain()
    assert written[-1] == 99, "the newest number is written"
    assert len(written) <= 3, "the numbers between are not"


def test_a_failing_write_is_logged_and_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(progress, "_store", fail)
    writer = ProgressWriter(world.app)
    writer.note(UpdateId("u"), 1, installs=False)
    writer.drain()
    assert "progress_lost" in caplog.text


def test_the_page_hears_of_the_last_byte(world: World, bot: Bot) -> None:
    row, _ = world.send()
    bot.fetch(row.id)
    progress_of(world.app).drain()
    assert world.events.bodies(EventName.UPDATE_CHANGED)[-1]["bytes_done"] == len(IMAGE)
