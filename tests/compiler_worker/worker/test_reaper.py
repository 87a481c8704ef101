"""The loop of the reaper: each task at its interval, none able to stop it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.kernel.errors import Unavailable
from compiler_worker.worker import reaper


class Bell:
    """Stands for the parts that tasks use; counts."""

    def __init__(self) -> None:
        self.rung = 0
        self.runtime = self.queue = self.cache = self.build_runs = self.sessions = self
        self.toolchain = self
        self.name = "worker"
        self.is_known = True
        self.published: list[str] = []

    def beat_worker(self, _name: str) -> None:
        self.rung += 1
        raise Unavailable("queue_away", "away")

    def reap(self) -> int:
        return 0

    def beat(self, _worker: str) -> bool:
        return self.is_known

    def publish(self, _worker: str, catalog: str) -> None:
        self.published.append(catalog)

    def remove(self) -> None:
        """Ends the session, which there is none."""

    def prune(self) -> None:
        raise ZeroDivisionError


def lives(rounds: int) -> Callable[[], bool]:
    left = iter(range(rounds))
    return lambda: next(left, None) is not None


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    monkeypatch.setattr(reaper, "_TICK_S", 0.001)
    return Bell()


def test_failed_tasks_do_not_end_the_reaper(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaper, "BEAT_INTERVAL_S", 0.0)
    reaper._Reaper(bell, "w").run(lives(5))  # type: ignore[arg-type]
    assert bell.rung == 5


def test_a_task_waits_for_its_interval(bell: Bell) -> None:
    reaper._Reaper(bell, "w").run(lives(5))  # type: ignore[arg-type]
    assert bell.rung == 1


@pytest.mark.parametrize(("is_known", "published"), [(True, []), (False, ["catalog"])])
def test_boards_that_were_forgotten_are_published_again(
    bell: Bell, monkeypatch: pytest.MonkeyPatch, is_known: bool, published: list[str]
) -> None:
    monkeypatch.setattr(reaper, "read_catalog", lambda _toolchain: "catalog")
    bell.is_known = is_known
    reaper._Reaper(bell, "w").run(lives(5))  # type: ignore[arg-type]
    assert bell.published == published


def test_reaper_ends_with_its_worker(bell: Bell, tmp_path: Path) -> None:
    worker = os.fork()
    if worker == 0:
        (tmp_path / "pid").write_text(str(reaper.start(bell, "w")))  # type: ignore[arg-type]
        os._exit(0)
    os.waitpid(worker, 0)
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _runs(pid):
        time.sleep(0.01)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    from compiler_worker.sandbox.procfs import is_alive

    return is_alive(pid)
