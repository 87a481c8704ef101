"""Real schedulers: two of them do each thing once, and one takes over from the other."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.devices.tables import Device
from app.kernel.clock import SystemClock
from app.updates.rules import UpdateState
from app.updates.tables import Update
from config import ROOT, Settings
from tests.factories import make_build, make_release, make_update, reread
from tools.trial.server import wait_until

pytestmark = pytest.mark.system


@dataclass(frozen=True)
class Process:
    """A scheduler with its log."""

    popen: "subprocess.Popen[bytes]"
    log: Path

    def has_logged(self, message: str) -> bool:
        return f"message={message}" in self.log.read_text()


@pytest.fixture
def settings(settings: Settings, redis_url: str) -> Settings:
    return replace(settings, redis_url=redis_url)


@pytest.fixture
def pair(settings: Settings, tmp_path: Path) -> Iterator[list[Process]]:
    """Two schedulers of one server; the first one leads."""
    started: list[Process] = []
    try:
        for name in ("first", "second"):
            started.append(_start(settings, tmp_path / f"{name}.log"))
            wait_until(lambda: started[0].has_logged("scheduler_leads"), "a leader")
        wait_until(lambda: started[1].has_logged("scheduler_started"), "a follower")
        yield started
    finally:
        for process in started:
            process.popen.kill()
            process.popen.wait()


def _start(settings: Settings, log: Path) -> Process:
    env = {
        "AIRSKETCH_INSTANCE_DIR": str(settings.instance_dir),
        "AIRSKETCH_DATABASE_URL": settings.database_url,
        "AIRSKETCH_REDIS_URL": settings.redis_url,
        "AIRSKETCH_SECRET_KEY": settings.secret_key,
        "AIRSKETCH_ENCRYPTION_KEY": settings.encryption_key.hex(),
    }
    with log.open("wb") as output:
        command = [sys.executable, "-m", "app.scheduler"]
        popen = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=output, stderr=output)
    return Process(popen, log)


@pytest.fixture
def silent(session: Session, owner: Account, device: Device) -> Update:
    """An update whose bot has been silent for too long."""
    release = make_release(session, build=make_build(session, account=owner))
    before = SystemClock().now() - timedelta(seconds=1)
    return make_update(session, device=device, release=release, state=UpdateState.OFFERED, deadline_at=before)


def _becomes_timed_out(session: Session, row: Update) -> None:
    wait_until(lambda: reread(session, row).state is UpdateState.TIMED_OUT, "the end of the update")


def test_two_schedulers_end_a_silent_update_once(
    pair: list[Process], session: Session, silent: Update, redis: "Redis[bytes]"
) -> None:
    _becomes_timed_out(session, silent)
    assert silent.revision == 2
    assert not pair[1].has_logged("scheduler_leads")


def test_one_takes_over_from_a_killed_leader(pair: list[Process], session: Session, silent: Update) -> None:
    pair[0].popen.kill()
    wait_until(lambda: pair[1].has_logged("scheduler_leads"), "the second leads")
    _becomes_timed_out(session, silent)


def test_a_leader_that_is_asked_to_stop_makes_way(pair: list[Process]) -> None:
    begin = time.monotonic()
    pair[0].popen.send_signal(signal.SIGTERM)
    assert pair[0].popen.wait(timeout=30) == 0
    wait_until(lambda: pair[1].has_logged("scheduler_leads"), "the second leads")
    assert "Traceback" not in pair[0].log.read_text(), time.monotonic() - begin
