"""Parts are killed in the middle of work: everything ends honestly and nothing saved is lost."""

import time
from collections.abc import Iterator

import psutil
import pytest

from tools.trial.server import Owner, Server, running_server, wait_until

pytestmark = pytest.mark.system

# Both `redis-server` and `valkey-server` call themselves so, with their address.
REDIS = "-server 127.0.0.1:"
# Steps of 0.2 s for the compiler, in the compiler itself.
SLOW = """\
constexpr unsigned spin(unsigned n) { unsigned s = 0; for (unsigned i = 0; i < n; i++) s += i * i; return s; }
template <unsigned N> struct Spin { static constexpr unsigned sum = spin(200000 + N) + Spin<N - 1>::sum; };
template <> struct Spin<0> { static constexpr unsigned sum = 0; };
unsigned result = Spin<%d>::sum;
void setup() {}
void loop() {}
"""
QUICK = "void setup() {}\nvoid loop() { delay(%d); }\n"


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of our own, for we break it."""
    with running_server(tmp_path_factory.mktemp("faults")) as server:
        yield server


@pytest.fixture
def owner(own_server: Server) -> Owner:
    return Owner(own_server.url).register()


def _start_slow(owner: Owner, steps: int) -> str:
    """A build in the middle of its compile; its id."""
    sketch = owner.new_sketch("Slow", SLOW % steps)
    build = owner.compile(sketch)["build"]
    assert isinstance(build, dict)
    wait_until(lambda: owner.build(str(build["id"]))["stage"] == "compiling_sketch", "compiler at work")
    return str(build["id"])


def _builds_again(owner: Owner) -> None:
    """The server builds as if nothing had happened."""
    sketch = owner.new_sketch("Quick", QUICK % int(time.time()))
    build = owner.compile(sketch)["build"]
    assert isinstance(build, dict)
    assert owner.ended_build(str(build["id"]))["state"] == "succeeded"


def test_a_killed_worker_loses_its_build_honestly(own_server: Server, owner: Owner) -> None:
    build_id = _start_slow(owner, 150)
    own_server.kill("compiler_worker.worker")
    build = owner.ended_build(build_id)
    assert build["state"] == "lost"
    assert "Compile" in str(build["message"])
    wait_until(lambda: not own_server.descendants("zig"), "no compiler left")
    _builds_again(owner)


def test_a_killed_redis_loses_no_build(own_server: Server, owner: Owner) -> None:
    # Longer than it takes Redis to come back, and no longer than that.
    slow = _start_slow(owner, 40)
    sketch = owner.new_sketch("Waits", QUICK % 77)
    waiting = owner.compile(sketch)["build"]
    assert isinstance(waiting, dict)
    own_server.kill(REDIS)
    assert owner.ended_build(slow, limit_s=150)["state"] == "succeeded"
    assert owner.ended_build(str(waiting["id"]))["state"] == "succeeded"
    _builds_again(owner)


def test_a_killed_web_process_loses_nothing_saved(own_server: Server, owner: Owner) -> None:
    sketch = owner.new_sketch("Kept", QUICK % 1)
    revision = owner.save(sketch, {"Kept.ino": QUICK % 2}, base_revision=2)
    build = owner.compile(sketch)["build"]
    assert isinstance(build, dict)
    killed = own_server.descendants("gunicorn")
    own_server.kill("gunicorn")
    # The children of the killed process serve for a moment longer.
    wait_until(lambda: not any(map(psutil.pid_exists, killed)), "the end of the old processes")
    wait_until(own_server.is_up, "the web process is back")
    read = owner.call("GET", f"/sketches/{sketch}", expect=200).json()
    assert (read["revision"], read["files"]["Kept.ino"]) == (revision, QUICK % 2)
    assert owner.ended_build(str(build["id"]))["state"] == "succeeded"
