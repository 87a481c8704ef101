"""The doctor's checks; each returns what it found or raises SetupError."""

import json
import os
import shutil
import sqlite3
import sys
from urllib.request import urlopen

from tools.setup import test_packages as packages_for_tests
from tools.setup.commands import output_of
from tools.setup.errors import SetupError
from tools.setup.network import is_reachable
from tools.setup.paths import Paths
from tools.setup.steps.arduino_cli import MINIMUM, version_of
from tools.setup.steps.arduino_data import ctags_of
from tools.setup.steps.browser_parts import BrowserParts
from tools.setup.steps.instance_folder import read_secrets
from tools.setup.steps.node import node_bin
from tools.setup.steps.python_packages import PythonPackages
from tools.setup.steps.virtual_board import VirtualBoard
from tools.setup.versions import as_text
from tools.supervisor import redis_server
from tools.supervisor.address import Address
from tools.supervisor.environment import why_jail_fails
from tools.supervisor.instance_lock import holder_note

_SET_UP = "Run: make setup"
# A build folder takes about 5 MB; below this, builds begin to fail.
_LOW_DISK_BYTES = 1_000_000_000
_HEALTH_LIMIT_S = 5


def python(_: Paths) -> str:
    """The Python that runs this."""
    return f"{as_text(sys.version_info[:3])} at {sys.executable}"


def packages(paths: Paths) -> str:
    """The virtual environment."""
    if not PythonPackages(paths=paths).is_done():
        raise SetupError("The virtual environment is missing or out of date.", _SET_UP)
    return str(paths.venv)


def node(paths: Paths) -> str:
    """Node.js and npm."""
    folder = node_bin(paths)
    if folder is None:
        raise SetupError("Node.js 20 or newer with npm is missing.", _SET_UP)
    return f"{(output_of([folder / 'node', '--version']) or '').strip()} at {folder}"


def browser_parts(paths: Paths) -> str:
    """The bundles in static/vendor."""
    if not BrowserParts(paths=paths).is_done():
        raise SetupError("The page's editor and socket libraries are not bundled, or out of date.", _SET_UP)
    return str(paths.vendor)


def arduino_cli(paths: Paths) -> str:
    """arduino-cli and its version."""
    version = version_of(paths.arduino_cli)
    if version is None:
        raise SetupError("No working arduino-cli: nothing can be built.", _SET_UP)
    if version < MINIMUM:
        raise SetupError(f"arduino-cli {as_text(version)} is older than {as_text(MINIMUM)}.", _SET_UP)
    return f"{as_text(version)} at {paths.arduino_cli}"


def ctags(paths: Paths) -> str:
    """The ctags that arduino-cli calls for every sketch."""
    found = ctags_of(paths.arduino_data)
    if found is None:
        raise SetupError("No working ctags: every build fails.", _SET_UP)
    return str(found)


def virtual_board(paths: Paths) -> str:
    """The prepared compiler of the virtual bot."""
    if not VirtualBoard(paths=paths).is_done():
        raise SetupError("The virtual bot's compiler is not prepared.", _SET_UP)
    return str(paths.zig_folder)


def esp32_core(paths: Paths) -> str:
    """Espressif's core, fetched in the background while Airsketch runs."""
    found = sorted(paths.arduino_data.glob("packages/esp32/hardware/esp32/*"))
    if not found:
        raise SetupError(
            "esp32:esp32 is not installed: sketches build for the virtual bot only.",
            "Keep `make run` running with internet access; it downloads the core in the background.",
        )
    return f"esp32:esp32 {found[-1].name}"


def jail(paths: Paths) -> str:
    """The jail around the compiler."""
    reason = why_jail_fails(paths, os.environ)
    if reason is not None:
        raise SetupError(
            f"{reason} Airsketch runs for a single user only.",
            "Linux: sudo apt install bubblewrap, and allow user namespaces (docs/OPERATIONS.md).",
        )
    return "compilers see the toolchain and one sketch, nothing else"


def redis(paths: Paths) -> str:
    """The Redis that will be used."""
    url = redis_server.given_url(os.environ)
    if url:
        if not redis_server.answers(url):
            raise SetupError(
                f"{redis_server.without_password(url)} does not answer.", "Start it or unset REDIS_URL."
            )
        return f"{redis_server.without_password(url)} answers"
    program = redis_server.find_program(paths)
    return f"{redis_server.version_line(program)} at {program}"


def instance_folder(paths: Paths) -> str:
    """The instance folder with its secrets."""
    if not paths.secrets.exists():
        raise SetupError(f"{paths.instance} has no secrets yet.", _SET_UP)
    read_secrets(paths)
    if not os.access(paths.instance, os.W_OK):
        raise SetupError(
            f"{paths.instance} cannot be written.", "Give your user account write permission there."
        )
    return str(paths.instance)


def database(paths: Paths) -> str:
    """The database and its migrations."""
    given = os.environ.get("AIRSKETCH_DATABASE_URL") or os.environ.get("DATABASE_URL") or ""
    if given:
        return f"at {given.partition('://')[0]}://…, as DATABASE_URL says"
    path = paths.sqlite_file
    if not path.is_file():
        raise SetupError("There is no database yet.", _SET_UP)
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise SetupError(f"{path} cannot be read ({error}).", "Restore it from a backup.") from error
    return f"{path}, revision {revision[0] if revision else 'none'}"


def disk(paths: Paths) -> str:
    """Free space."""
    free = shutil.disk_usage(paths.root).free
    if free < _LOW_DISK_BYTES:
        raise SetupError(
            f"Only {free // 1_000_000} MB are free.", "Free some, or remove old folders of builds/."
        )
    return f"{free // 1_000_000_000} GB free"


def address(paths: Paths) -> str:
    """Whether the page is served or could be."""
    note = holder_note(paths)
    if note is not None:
        return f"Airsketch is running: {note}"
    wanted = Address.from_env()
    wanted.refuse_if_taken()
    return f"{wanted.bind} is free"


def server(paths: Paths) -> str:
    """What a running server says of its parts."""
    note = holder_note(paths)
    if note is None:
        return "not running now"
    health = _health(note.split()[0] if note else "")
    workers, age_s = health.get("workers"), health.get("scheduler_heartbeat_age_s")
    facts = f"compile workers: {workers}, last heartbeat of the scheduler: {age_s} s ago"
    if health.get("status") != "ok":
        raise SetupError(
            f"A part of the running server is not working ({facts}).", f"See the logs in {paths.logs}"
        )
    return facts


def _health(url: str) -> dict[str, object]:
    try:
        with urlopen(f"{url}healthz", timeout=_HEALTH_LIMIT_S) as answer:
            found: dict[str, object] = json.load(answer)
    except (OSError, ValueError) as error:
        raise SetupError(
            f"The running server does not respond ({error}).", "See its logs, or restart it."
        ) from error
    return found


def internet(_: Paths) -> str:
    """Whether cores can be fetched."""
    if not is_reachable("downloads.arduino.cc"):
        raise SetupError(
            "downloads.arduino.cc is unreachable: no more boards can be installed.",
            "Everything installed works without it.",
        )
    return "downloads.arduino.cc is reachable"


def browser_of_tests(_: Paths) -> str:
    """The browser that the tests drive."""
    found = packages_for_tests.browser()
    if found is None:
        raise SetupError("Chromium is missing: the browser tests are skipped.", "sudo apt install chromium")
    return found
