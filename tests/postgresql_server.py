"""A PostgreSQL server of our own, for as long as a block runs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.setup.test_packages import postgresql_server
from tools.trial.server import wait_until

_USER = "airsketch"


@contextmanager
def running_postgresql() -> Iterator[str]:
    """The address of an empty database, for SQLAlchemy."""
    initdb = postgresql_server()
    assert initdb is not None
    binaries = Path(initdb).parent
    # The path of a socket may have 107 bytes at most, so this lies near the root.
    folder = Path(tempfile.mkdtemp(prefix="airsketch-pg-"))
    data = folder / "data"
    # The server refuses to run as root; Debian's package brings this user for it.
    owner = "postgres" if os.geteuid() == 0 else None
    if owner:
        shutil.chown(folder, owner)
    _run([binaries / "initdb", "-D", data, "-A", "trust", "-U", _USER, "--no-sync"], owner)
    options = ["-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, *options],
        user=owner,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(binaries, folder), "PostgreSQL")
        yield f"postgresql+psycopg://{_USER}@/postgres?host={folder}"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(binaries: Path, folder: Path) -> bool:
    return subprocess.run([binaries / "pg_isready", "-q", "-h", folder], check=False).returncode == 0


def _run(command: Sequence[str | Path], owner: str | None) -> None:
    subprocess.run(command, user=owner, cwd="/", check=True, capture_output=True)
