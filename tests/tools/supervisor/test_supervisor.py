"""The supervisor: really started, around a miniature of the application."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.tools.supervisor.miniature import (
    STUBBORN_WORKER,
    environment,
    free_port,
    make_project,
    processes_in,
    serving,
    start,
    wait_for,
    wait_until_empty,
)

pytestmark = pytest.mark.system


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "a copy")


def page_of(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return str(answer.read().decode())


def run_to_end(root: Path, port: int, **env: str) -> tuple[int, str]:
    running = start(root, port, **env)
    code = running.process.wait(timeout=90)
    return code, running.text()


def test_page_answers_when_its_address_is_printed(root: Path) -> None:
    port = free_port()
    with serving(root, port) as running:
        assert f"http://127.0.0.1:{port}/" in running.text()
        assert "bot_001" in running.text()
        assert re.fullmatch(r"redis://:[0-9a-f]{64}@127\.0\.0\.1:\d+/0", page_of(port))


def test_all_programs_run(root: Path) -> None:
    with serving(root, free_port()):
        for program in ("gunicorn", "compiler_worker.worker", "app.scheduler"):
            assert [line for line in processes_in(root).values() if program in line], program


def test_production_makes_and_names_no_demo_account(root: Path) -> None:
    with serving(root, free_port(), AIRSKETCH_ENV="production") as running:
        assert "bot_001" not in running.text()
    assert not (root / "instance" / "seeded").exists()


def test_ctrl_c_leaves_no_process(root: Path) -> None:
    with serving(root, free_port()) as running:
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(timeout=30) == 0
        assert wait_until_empty(root, 0) == {}
        assert "Traceback" not in running.text()


def test_stop_kills_a_worker_that_does_not_listen_and_its_orphan(root: Path) -> None:
    (root / "compiler_worker" / "worker" / "__main__.py").write_text(STUBBORN_WORKER)
    with serving(root, free_port()) as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=30) == 0
        assert wait_until_empty(root, 0) == {}


def test_killed_supervisor_leaves_no_process(root: Path) -> None:
    (root / "compiler_worker" / "worker" / "__main__.py").write_text(STUBBORN_WORKER)
    with serving(root, free_port()) as running:
        running.process.kill()
        running.process.wait(timeout=10)
        assert wait_until_empty(root, 20) == {}


def test_password_of_redis_is_in_no_command_line(root: Path) -> None:
    port = free_port()
    with serving(root, port):
        password = page_of(port).split(":")[2].partition("@")[0]
        assert not [line for line in processes_in(root).values() if password in line]
        assert (root / "instance" / "redis" / "redis.conf").stat().st_mode & 0o077 == 0


def test_killed_web_server_is_started_again(root: Path) -> None:
    port = free_port()
    with serving(root, port) as running:
        for pid in [
            pid
            for pid, line in processes_in(root).items()
            if "gunicorn" in line and "process_guard" not in line
        ]:
            os.kill(pid, signal.SIGKILL)
        wait_for(running, "web stopped (code 137); starting it again")
        deadline = time.monotonic() + 20
        while not page_answers(port):
            assert time.monotonic() < deadline, running.text()
            time.sleep(0.1)


def page_answers(port: int) -> bool:
    try:
        return page_of(port).startswith("redis://")
    except OSError:
        return False


def test_taken_port_is_reported_in_one_line(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, text = run_to_end(root, port)
    assert code == 1
    assert f"Port {port} is used" in text
    assert "Traceback" not in text


def test_second_start_in_the_same_folder_names_the_first(root: Path) -> None:
    port = free_port()
    with serving(root, port):
        done = subprocess.run(
            [sys.executable, "-m", "tools.supervisor"],
            cwd=root,
            env=environment(free_port()),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.returncode == 1
    assert "already running" in done.stdout
    assert f":{port}/" in done.stdout


def test_web_server_that_cannot_start_is_reported(root: Path) -> None:
    (root / "gunicorn.conf.py").write_text("raise SystemExit('the web server is broken on purpose')\n")
    code, text = run_to_end(root, free_port())
    assert code == 1
    assert "broken on purpose" in text
    assert wait_until_empty(root, 0) == {}


def test_unreachable_given_redis_is_reported_without_its_password(root: Path) -> None:
    code, text = run_to_end(root, free_port(), REDIS_URL=f"redis://:hush@127.0.0.1:{free_port()}/0")
    assert code == 1
    assert "does not answer" in text
    assert "hush" not in text


def test_without_a_jail_registration_is_closed(root: Path) -> None:
    (root / "compiler_worker" / "sandbox" / "jail.py").write_text("raise SystemExit('no namespaces here')\n")
    with serving(root, free_port()) as running:
        assert "single-user mode" in running.text()
        assert "no namespaces here" in running.text()


def test_open_registration_without_a_jail_is_refused(root: Path) -> None:
    (root / "compiler_worker" / "sandbox" / "jail.py").write_text("raise SystemExit('no namespaces here')\n")
    code, text = run_to_end(root, free_port(), REGISTRATION="open")
    assert code == 1
    assert "no namespaces here" in text
    assert wait_until_empty(root, 0) == {}
