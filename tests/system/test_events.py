"""Events over real sockets: strangers, foreign pages, several web processes."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest
import requests
import socketio
from socketio.exceptions import ConnectionError as RefusedError

from tools.trial.server import ROOT, Owner, Server, free_port, wait_until

pytestmark = pytest.mark.system


@contextmanager
def _listening(url: str, cookie: str, **headers: str) -> Iterator[dict[str, list[Any]]]:
    """A connected client; what it receives, by event name."""
    received: dict[str, list[Any]] = {}
    changed = threading.Lock()
    client = socketio.Client(reconnection=False)

    def receive(event: str, body: object) -> None:
        with changed:
            received.setdefault(event, []).append(body)

    client.on("*", receive)
    client.connect(url, headers={"Cookie": cookie, **headers}, transports=["websocket"])
    received["subscribe"] = [lambda room: client.call("subscribe", {"room": room})]
    try:
        yield received
    finally:
        client.disconnect()


def _cookie(owner: Owner) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in owner.http.cookies)


def _build(owner: Owner, name: str) -> str:
    sketch = owner.new_sketch(name, f"void setup() {{}}\nvoid loop() {{ delay({free_port()}); }}\n")
    build = owner.compile(sketch)["build"]
    assert isinstance(build, dict)
    return str(build["id"])


def _last_state(received: dict[str, list[Any]]) -> str:
    """The newest state of a build that arrived; empty if none did yet."""
    changes = received.get("build.changed", [])
    return str(changes[-1]["state"]) if changes else ""


def test_an_owner_hears_each_step_of_a_build_once(server: Server) -> None:
    owner = Owner(server.url).register()
    with _listening(server.url, _cookie(owner)) as received:
        build_id = _build(owner, "Heard")
        owner.ended_build(build_id)
        wait_until(lambda: _last_state(received) == "succeeded", "the last event")
    revisions = [body["revision"] for body in received["build.changed"]]
    assert revisions == sorted(set(revisions))


def test_the_log_is_heard_by_who_asked_for_it_and_may(server: Server) -> None:
    owner, stranger = Owner(server.url).register(), Owner(server.url).register()
    with _listening(server.url, _cookie(owner)) as mine, _listening(server.url, _cookie(stranger)) as theirs:
        build_id = _build(owner, "Logged")
        assert mine["subscribe"][0](f"build:{build_id}") == {"ok": True}
        assert theirs["subscribe"][0](f"build:{build_id}") == {"ok": False, "code": "no_such_room"}
        owner.ended_build(build_id)
        wait_until(lambda: "build.log" in mine, "log lines")
    log = owner.call("GET", f"/builds/{build_id}/log?from=0").json()["text"].encode()
    for piece in mine["build.log"]:
        assert log[piece["start"] :].startswith(piece["text"].encode())
    assert not {"build.log", "build.changed"} & set(theirs)


def test_a_stranger_and_a_foreign_page_are_refused(server: Server) -> None:
    owner = Owner(server.url).register()
    with pytest.raises(RefusedError), _listening(server.url, ""):
        pass
    with pytest.raises(RefusedError), _listening(server.url, _cookie(owner), Origin="http://evil.example"):
        pass
    polling = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling", timeout=10)
    assert polling.status_code == 400


def test_a_log_out_closes_the_socket(server: Server) -> None:
    owner = Owner(server.url).register()
    client = socketio.Client(reconnection=False)
    client.connect(server.url, headers={"Cookie": _cookie(owner)}, transports=["websocket"])
    owner.log_out()
    wait_until(lambda: not client.connected, "the end of the socket")


@pytest.fixture
def second_url(server: Server) -> Iterator[str]:
    """A second web process beside the server's own, on the same database and Redis."""
    (first, *_) = server.descendants("gunicorn")
    port = free_port()
    options = ["--worker-class", "gthread", "--threads", "20", "--no-control-socket"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", "wsgi:app"],
        cwd=ROOT,
        env=psutil.Process(first).environ(),
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return requests.get(f"{url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    try:
        wait_until(answers, "the second web process")
        yield url
    finally:
        process.terminate()
        process.wait(15)


def test_a_page_at_one_web_process_hears_of_work_asked_at_another(server: Server, second_url: str) -> None:
    owner = Owner(server.url).register()
    with _listening(second_url, _cookie(owner)) as received:
        owner.ended_build(_build(owner, "Elsewhere"))
        wait_until(lambda: _last_state(received) == "succeeded", "the last event")
