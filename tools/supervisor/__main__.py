"""Starts Redis, web, worker and scheduler, keeps them running, and stops them all.

Run by the Python of the virtual environment, after the set-up.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

from config import DEMO_PASSWORD, DEMO_PRODUCT_ID
from tools.setup.commands import last_line_of
from tools.setup.errors import SetupError, log_hint, setup_error_of, tell
from tools.setup.paths import Paths
from tools.setup.plan import say
from tools.setup.steps.instance_folder import InstanceFolder
from tools.supervisor.address import Address
from tools.supervisor.child import Child
from tools.supervisor.database import prepare_database
from tools.supervisor.environment import child_environment, keep_environment, settle_jail
from tools.supervisor.instance_lock import InstanceLock
from tools.supervisor.redis_server import (
    RedisServer,
    answers,
    given_url,
    wait_until_it_answers,
    without_password,
)

_TICK_S = 0.2
_REDIS_LIMIT_S = 20.0
_PAGE_LIMIT_S = 60.0
# Ends of the web server before its first answer, after which it is not tried again.
_MAX_FAILED_STARTS = 2
# Threads must exceed open sockets, or every other request waits.
_WEB_THREADS = 200


class Stopped(Exception):
    """A person or the system asked to stop."""


class Supervisor:
    """All programs of one running Airsketch."""

    def __init__(self, paths: Paths, address: Address) -> None:
        """Prepare; nothing is started yet.

        Args:
            paths: where everything lies.
            address: where the page is to be served.
        """
        self._paths = paths
        self._address = address
        self._children: list[Child] = []

    def run(self, *, only_prepare: bool) -> None:
        """Start everything and stay until asked to stop.

        Args:
            only_prepare: bring the database up to date, then return.
        Raises:
            SetupError: something that is needed cannot be started.
            Stopped: asked to stop.
        """
        try:
            env = child_environment(self._paths, self._start_redis())
            prepare_database(self._paths, env, say)
            if only_prepare:
                say("Set up. Start with: make run")
                return
            warning = settle_jail(self._paths, env)
            if warning:
                say(f"Warning: {warning}")
            keep_environment(self._paths, env)
            web = self._start_programs(env)
            self._wait_for_page(web)
            self._greet(env)
            self._watch()
        finally:
            self._stop_all()

    def _start_redis(self) -> str:
        url = given_url(os.environ)
        if url:
            if not answers(url):
                raise SetupError(
                    f"The Redis of REDIS_URL ({without_password(url)}) does not answer or rejects the login.",
                    "Start it, correct REDIS_URL, or unset REDIS_URL to use the built-in one.",
                )
            return url
        server = RedisServer.prepare(self._paths)
        child = self._child("redis", [str(server.program), str(server.configuration)], dict(os.environ))
        child.start()
        if not wait_until_it_answers(server.url, _REDIS_LIMIT_S):
            raise SetupError(f"Redis does not start ({last_line_of(child.log)}).", log_hint(child.log))
        return server.url

    def _start_programs(self, env: dict[str, str]) -> Child:
        """Start the page first, then what it can do without for a moment."""
        python = str(self._paths.venv_python)
        gunicorn = [python, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1"]
        gunicorn += ["--threads", str(_WEB_THREADS), "--graceful-timeout", "4"]
        # With the default of 2 s, a client's next call on a kept connection may meet its end.
        gunicorn += ["--keep-alive", "75"]
        # The control socket lies in the home folder, where two copies would take it from each other.
        gunicorn += ["--no-control-socket", "--bind", self._address.bind, "wsgi:app"]
        web = self._child("web", gunicorn, env)
        web.start()
        self._child("worker", [python, "-m", "compiler_worker.worker"], env).start()
        self._child("scheduler", [python, "-m", "app.scheduler"], env).start()
        self._child("cores", [python, "-m", "compiler_worker.worker.cores"], env, is_kept=False).start()
        return web

    def _child(self, name: str, command: list[str], env: dict[str, str], *, is_kept: bool = True) -> Child:
        child = Child(
            name=name,
            command=command,
            env=env,
            cwd=self._paths.root,
            log=self._paths.logs / f"{name}.log",
            is_kept=is_kept,
        )
        self._children.append(child)
        return child

    def _wait_for_page(self, web: Child) -> None:
        """Wait until the page really answers."""
        deadline = time.monotonic() + _PAGE_LIMIT_S
        while not (web.is_running and self._address.page_answers()):
            if web.ends >= _MAX_FAILED_STARTS or time.monotonic() > deadline:
                raise SetupError(
                    f"The web server does not start ({last_line_of(web.log)}).", log_hint(web.log)
                )
            for child in self._children:
                child.check(_ignore)
            time.sleep(_TICK_S)

    def _greet(self, env: dict[str, str]) -> None:
        say(f"\nAirsketch is running: {'  '.join(self._address.urls())}")
        if env["AIRSKETCH_ENV"] != "production":
            say(f"Demo account: product id {DEMO_PRODUCT_ID}, password {DEMO_PASSWORD}")
            if not self._address.is_loopback:
                say("Everybody on your network can reach it: change the demo account's password now.")
        if self._address.is_loopback:
            say(
                "Only this machine can reach it. For bots and browsers on your network: HOST=0.0.0.0 make run"
            )
        say(f"Logs: {self._paths.logs}. Ctrl-C stops everything.")

    def _watch(self) -> None:
        """Keep the programs running until a signal ends the wait."""
        while True:
            for child in self._children:
                child.check(say)
            time.sleep(_TICK_S)

    def _stop_all(self) -> None:
        """Stop in the reverse order of the start: Redis last, because the others still talk to it."""
        others = (
            self._children[1:] if self._children[:1] and self._children[0].name == "redis" else self._children
        )
        for group in (others, self._children):
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.wait_stopped()


def _ignore(_: str) -> None:
    """Keep silent about ends before the first answer; the waiting itself tells of them."""


def _raise_stopped(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not interrupt the orderly stop.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the supervisor."""
    parser = argparse.ArgumentParser(prog="tools.supervisor", description="Run Airsketch after its set-up.")
    parser.add_argument("--only-prepare", action="store_true", help="prepare the database, then end")
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stopped)
    paths = Paths.from_env()
    try:
        return _run(paths, only_prepare=options.only_prepare)
    except Stopped:
        say("\nAirsketch has stopped.")
        return 0
    except SetupError as error:
        tell(error)
    except OSError as error:
        tell(setup_error_of(error, "Starting Airsketch"))
    return 1


def _run(paths: Paths, *, only_prepare: bool) -> int:
    address = Address.from_env()
    folder = InstanceFolder(paths=paths)
    if not folder.is_done():
        folder.do(say)
    note = "set-up" if only_prepare else address.urls()[0]
    lock = InstanceLock.take(paths, note)
    if not only_prepare:
        address.refuse_if_taken()
    Supervisor(paths, address).run(only_prepare=only_prepare)
    lock.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
