"""A miniature of the project: the real supervisor around programs of a few lines."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
START_LIMIT_S = 60.0

_WSGI = """
import os
import pathlib
import flask

app = flask.Flask(__name__)
db = flask.cli.AppGroup("db")
app.cli.add_command(db)

@db.command("upgrade")
def upgrade():
    pathlib.Path(os.environ["AIRSKETCH_INSTANCE_DIR"], "airsketch.sqlite3").touch()

@app.cli.command("seed-demo")
def seed_demo():
    pathlib.Path(os.environ["AIRSKETCH_INSTANCE_DIR"], "seeded").touch()

@app.get("/")
def page():
    return os.environ["AIRSKETCH_REDIS_URL"]
"""
_IDLE = """
import time
print("ready", flush=True)
time.sleep(600)
"""
# Worse than RQ in the middle of a job: ignores SIGTERM and has an orphan in a session of its own.
STUBBORN_WORKER = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
time.sleep(600)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A supervisor at work."""

    root: Path
    process: subprocess.Popen[str]
    output: Path
    port: int

    def text(self) -> str:
        """What it has printed until now."""
        return self.output.read_text(encoding="utf-8")


def make_project(root: Path) -> Path:
    """Lay out the miniature."""
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    (root / ".venv").symlink_to(ROOT / ".venv")
    (root / "wsgi.py").write_text(_WSGI, encoding="utf-8")
    modules = {
        "app/scheduler/__main__": _IDLE,
        "compiler_worker/worker/__main__": _IDLE,
        "compiler_worker/worker/cores": "",
        "compiler_worker/sandbox/jail": "",
    }
    for name, text in modules.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int, **more: str) -> dict[str, str]:
    """The environment of a supervisor that inherits no setting of this machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PORT": str(port), "HOST": "127.0.0.1", **more}


def start(root: Path, port: int, **env: str) -> Running:
    """Start the supervisor in the background."""
    output = root / "output.txt"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.supervisor"],
            cwd=root,
            env=environment(port, **env),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Running(root=root, process=process, output=output, port=port)


def wait_for(running: Running, text: str) -> None:
    """Wait until the supervisor has printed a text."""
    deadline = time.monotonic() + START_LIMIT_S
    while text not in running.text():
        assert running.process.poll() is None, running.text()
        assert time.monotonic() < deadline, running.text()
        time.sleep(0.05)


@contextmanager
def serving(root: Path, port: int, **env: str) -> Iterator[Running]:
    """A supervisor whose page answers; stopped at the end, whatever happens."""
    running = start(root, port, **env)
    try:
        wait_for(running, "Ctrl-C stops everything")
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGTERM)
        running.process.wait(timeout=30)


def processes_in(root: Path) -> dict[int, str]:
    """Command lines of the living processes that work in a folder, by process id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cwd").resolve() == root.resolve():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return {pid: line for pid, line in found.items() if line}


def wait_until_empty(root: Path, limit_s: float) -> dict[int, str]:
    """The processes still working in a folder after at most this time."""
    deadline = time.monotonic() + limit_s
    while (left := processes_in(root)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left
