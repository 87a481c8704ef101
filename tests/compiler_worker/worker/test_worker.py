"""A real worker with a real Redis, database, jail and toolchain."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.orm import scoped_session

from app.builds.rules import END_STATES, BuildId, BuildState, FailureReason, Stage
from app.builds.tables import Build
from app.kernel.database import make_sessions
from app.runtime import Runtime, make_runtime
from app.sketches.tables import Sketch
from app.toolchain.rules import VIRTUAL_FQBN
from app.toolchain.service import find
from compiler_worker.arduino.toolchain import Toolchain
from config import ROOT, Settings
from tests.factories import NO_CATALOG, actor_of, make_account, make_board, make_sketch
from tools.trial.server import wait_until

pytestmark = pytest.mark.system

BLINK = "void setup() { pinMode(2, OUTPUT); }\nvoid loop() { digitalWrite(2, HIGH); delay(%d); }\n"
HANG = (
    "template <int N, int M> struct F { static constexpr long v = F<N - 1, M>::v + F<N - 1, M + N>::v; };\n"
)
ENDLESS = '#include "/dev/zero"\nvoid setup() {}\nvoid loop() {}\n'


class Shop:
    """A worker and somebody who asks it for builds."""

    def __init__(self, settings: Settings, engine: Engine, folder: Path) -> None:
        self.settings = settings
        self.sessions = scoped_session(make_sessions(engine))
        self.runtime: Runtime = make_runtime(settings, self.sessions)
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        with self.sessions() as session:
            self.account = make_account(session)
            self.sketch: Sketch = make_sketch(
                session,
                account=self.account,
                store=self.runtime.sketch_store,
                files={"Blink.ino": (BLINK % 1).encode()},
            )

    def env(self) -> dict[str, str]:
        """The worker's environment."""
        settings = self.settings
        return {
            **os.environ,
            "AIRSKETCH_SECRET_KEY": settings.secret_key,
            "AIRSKETCH_ENCRYPTION_KEY": settings.encryption_key.hex(),
            "AIRSKETCH_DATABASE_URL": settings.database_url,
            "AIRSKETCH_REDIS_URL": settings.redis_url,
            "AIRSKETCH_INSTANCE_DIR": str(settings.instance_dir),
            "AIRSKETCH_TOOLS_DIR": str(settings.tools_dir),
            "AIRSKETCH_BUILDS_DIR": str(settings.builds_dir),
            "AIRSKETCH_SKETCHES_DIR": str(settings.sketches_dir),
        }

    def start_worker(self, changes: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it is at work."""
        before = self.runtime.queue.worker_count()
        with (self._folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "compiler_worker.worker"],
                cwd=ROOT,
                env={**self.env(), **(changes or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        wait_until(
            lambda: self.runtime.queue.worker_count() > before, f"the worker\n{self.log()}", limit_s=30
        )
        return process

    def log(self) -> str:
        """What the workers printed."""
        return (self._folder / "worker.log").read_text(errors="replace")

    def request(self, source: str) -> BuildId:
        """Save the sketch with this source and ask for a build; its id."""
        actor = actor_of(self.account)
        files = {"Blink.ino": source.encode()}
        self.sketch = self.runtime.sketches.save(
            actor, self.sketch.id, base_revision=self.sketch.revision, files=files
        )
        build_id = self.runtime.builds.request(actor, self.sketch.id, fqbn=VIRTUAL_FQBN).build.id
        self.sessions.remove()
        return build_id

    def build(self, build_id: BuildId) -> Build:
        """The build as it is now."""
        with self.sessions() as session:
            return session.get_one(Build, build_id)

    def wait_for_end(self, build_id: BuildId, limit_s: float = 60.0) -> Build:
        """The build when it has ended."""
        wait_until(
            lambda: self.build(build_id).state in END_STATES,
            f"the end\n{self.log()}",
            limit_s=limit_s,
            pause_s=0.01,
        )
        return self.build(build_id)

    def wait_for_compiler(self, build_id: BuildId) -> None:
        """Wait until the compiler is at work on the build."""
        wait_until(
            lambda: self.build(build_id).stage not in (None, Stage.PREPARING) and self.compilers(),
            f"the compiler\n{self.log()}",
            limit_s=30,
        )

    def compilers(self) -> list[psutil.Process]:
        """Compilers, jails and arduino-cli that came from our workers, or were left by them."""
        found = []
        for process in psutil.process_iter(["cmdline", "status", "environ"]):
            if process.info["status"] == psutil.STATUS_ZOMBIE:
                continue
            words = " ".join(process.info["cmdline"] or [])
            if ("arduino-cli" in words or "zig-g++" in words) and str(self._folder) in self._ancestry(
                process, words
            ):
                found.append(process)
        return found

    def _ancestry(self, process: psutil.Process, words: str) -> str:
        """The command lines of a process and of those it came from; a jail's names our folders."""
        try:
            return "\n".join([words, *(" ".join(parent.cmdline()) for parent in process.parents())])
        except psutil.NoSuchProcess:
            return words


@pytest.fixture
def shop(
    settings: Settings, engine: Engine, redis_url: str, toolchain: Toolchain, tmp_path: Path
) -> Iterator[Shop]:
    with Redis.from_url(redis_url) as client:
        client.flushall()
    real = replace(
        settings,
        redis_url=redis_url,
        tools_dir=toolchain.tools,
        build_time_limit_s=60,
        max_open_builds=9,
    )
    shop = Shop(real, engine, tmp_path)
    yield shop
    for process in shop.processes:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def test_build_goes_from_request_to_artifacts(shop: Shop) -> None:
    shop.start_worker()
    build = shop.wait_for_end(shop.request(BLINK % 2))
    assert (build.state, build.reason, build.message) == (BuildState.SUCCEEDED, None, "")
    image = shop.runtime.artifacts.artifact(build.id, "firmware.bin")
    assert image.size_bytes == build.image_bytes
    log = shop.runtime.artifacts.read_log(build.id, 0, 1 << 20).decode()
    assert "Sketch uses " in log
    assert str(ROOT) not in log


def test_worker_publishes_what_it_can_build_for(shop: Shop) -> None:
    shop.start_worker()
    with shop.sessions() as session:
        board = find(session, fqbn=VIRTUAL_FQBN)
    assert board is not None
    assert board.available


def test_compile_error_ends_with_its_place(shop: Shop) -> None:
    shop.start_worker()
    build = shop.wait_for_end(shop.request("void setup() {\n  wrong();\n}\nvoid loop() {}\n"))
    assert (build.state, build.reason) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert [(found["file"], found["line"]) for found in build.diagnostics] == [("Blink.ino", 2)]


def test_stopped_build_leaves_no_compiler(shop: Shop) -> None:
    shop.start_worker()
    build_id = shop.request(ENDLESS)
    shop.wait_for_compiler(build_id)
    shop.runtime.builds.stop(actor_of(shop.account), build_id)
    stopped_at = time.monotonic()
    assert shop.wait_for_end(build_id).state is BuildState.CANCELLED
    assert time.monotonic() - stopped_at < 3
    assert shop.compilers() == []


def test_killed_worker_leaves_no_compiler_and_its_build_is_lost(shop: Shop) -> None:
    worker = shop.start_worker()
    build_id = shop.request(ENDLESS)
    shop.wait_for_compiler(build_id)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_until(lambda: not shop.compilers(), "the end of the compilers", limit_s=5)
    shop.start_worker()
    assert shop.wait_for_end(build_id, limit_s=30).state is BuildState.LOST


def test_killed_work_horse_ends_its_build_at_once(shop: Shop) -> None:
    worker = shop.start_worker()
    build_id = shop.request(ENDLESS)
    shop.wait_for_compiler(build_id)
    for child in psutil.Process(worker.pid).children():
        if child.children():
            child.kill()
    assert shop.wait_for_end(build_id, limit_s=5).state is BuildState.LOST
    assert shop.wait_for_end(shop.request(BLINK % 3)).state is BuildState.SUCCEEDED


def test_terminated_worker_ends_quickly_and_its_build_is_lost(shop: Shop) -> None:
    worker = shop.start_worker()
    build_id = shop.request(ENDLESS)
    shop.wait_for_compiler(build_id)
    worker.terminate()
    worker.wait(5)
    assert shop.build(build_id).state is BuildState.LOST
    assert shop.compilers() == []
    assert shop.runtime.queue.worker_count() == 0


def test_build_whose_job_vanished_is_queued_again(shop: Shop) -> None:
    with shop.sessions() as session:
        make_board(session)
    build_id = shop.request(BLINK % 4)
    with Redis.from_url(shop.settings.redis_url) as client:
        client.flushall()
    shop.start_worker()
    assert shop.wait_for_end(build_id, limit_s=30).state is BuildState.SUCCEEDED


def test_second_start_of_the_same_build_does_nothing(shop: Shop) -> None:
    shop.start_worker()
    build = shop.wait_for_end(shop.request(BLINK % 5))
    assert shop.runtime.build_runs.start(build.id, NO_CATALOG) is None


def test_worker_refuses_to_start_without_a_jail(shop: Shop, tmp_path: Path) -> None:
    tools = tmp_path / "tools-without-jail"
    (tools / "bwrap").mkdir(parents=True)
    (tools / "bwrap" / "bwrap").write_text("#!/bin/sh\necho no namespaces here >&2\nexit 1\n")
    (tools / "bwrap" / "bwrap").chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "compiler_worker.worker"],
        cwd=ROOT,
        env={**shop.env(), "AIRSKETCH_TOOLS_DIR": str(tools)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert "cannot make a jail here" in done.stderr
    assert "no namespaces here" in done.stderr
    assert "Traceback" not in done.stderr
