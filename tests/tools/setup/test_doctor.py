"""The doctor's table."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from tools.setup import doctor, doctor_checks
from tools.setup.doctor import Check, Health, examine, table_of
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.supervisor.instance_lock import InstanceLock


def _broken(_: Paths) -> str:
    raise SetupError("It is gone.", "Bring it back.")


def _unreadable(_: Paths) -> str:
    raise PermissionError(13, "Permission denied", "/some/place")


def test_what_works_is_ok(paths: Paths) -> None:
    assert examine(Check(part="A", look=lambda _: "fine"), paths).health is Health.OK


def test_what_is_needed_is_missing_and_the_rest_a_warning(paths: Paths) -> None:
    finding = examine(Check(part="A", look=_broken), paths)
    assert (finding.health, finding.text) == (Health.MISSING, "It is gone. Bring it back.")
    assert examine(Check(part="A", look=_broken, is_needed=False), paths).health is Health.WARNING


def test_error_of_the_system_is_a_finding(paths: Paths) -> None:
    assert "/some/place cannot be written" in examine(Check(part="A", look=_unreadable), paths).text


def test_table_has_one_line_a_check(paths: Paths) -> None:
    findings = [examine(Check(part=part, look=lambda _: "fine"), paths) for part in ("A", "Longer")]
    assert table_of(findings).splitlines() == ["A       ok       fine", "Longer  ok       fine"]


class _Health(BaseHTTPRequestHandler):
    """A server that says how it is."""

    answer: ClassVar[dict[str, object]] = {}

    def do_GET(self) -> None:
        assert self.path == "/healthz"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing on the screen."""


@pytest.fixture
def running(paths: Paths) -> Iterator[type[_Health]]:
    """A server that runs from this folder."""
    paths.instance.mkdir(parents=True, exist_ok=True)
    with HTTPServer(("127.0.0.1", 0), _Health) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        lock = InstanceLock.take(paths, f"http://127.0.0.1:{server.server_port}/")
        yield _Health
        lock.release()
        server.shutdown()
        thread.join()


def test_a_server_that_does_not_run_is_no_error(paths: Paths) -> None:
    assert doctor_checks.server(paths) == "not running now"


def test_a_running_server_is_asked_for_its_parts(paths: Paths, running: type[_Health]) -> None:
    running.answer = {"status": "ok", "workers": 2, "scheduler_heartbeat_age_s": 1.5}
    assert "workers: 2" in doctor_checks.server(paths)
    assert "is running" in doctor_checks.address(paths)


def test_a_missing_part_of_a_running_server_is_reported(paths: Paths, running: type[_Health]) -> None:
    running.answer = {"status": "degraded", "workers": 1, "scheduler_heartbeat_age_s": None}
    with pytest.raises(SetupError, match=r"scheduler: None"):
        doctor_checks.server(paths)


def test_empty_copy_is_asked_to_set_up(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Paths, "from_env", lambda: paths)
    monkeypatch.setattr("tools.setup.doctor_checks.is_reachable", lambda _: False)
    monkeypatch.chdir(paths.root)
    (paths.root / "requirements.txt").write_text("ziglang==1\n")
    assert doctor.main() == 1
    text = capsys.readouterr().out
    assert "MISSING  No working arduino-cli" in text
    assert "Run: make setup" in text
