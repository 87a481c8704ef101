"""The database at start: migrations, and the demo account."""

import subprocess
from collections.abc import Callable, Mapping

from tools.setup.commands import last_line_of
from tools.setup.errors import SetupError, log_hint
from tools.setup.paths import Paths
from tools.setup.stamps import digest_of, is_stamped, write_stamp

_LIMIT_S = 300


def prepare_database(paths: Paths, env: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Apply migrations and, outside production, make the demo account; skip what is done.

    Raises:
        SetupError: a command failed.
    """
    stamp = paths.instance / "database.stamp"
    digest = _digest(paths, env)
    if is_stamped(stamp, digest) and _file_is_there(paths, env):
        say("Database: ready")
        return
    say("Database: applying migrations")
    _flask(paths, env, ["db", "upgrade"], "The database could not be migrated.")
    if env["AIRSKETCH_ENV"] != "production":
        _flask(paths, env, ["seed-demo"], "The demo account could not be created.")
    write_stamp(stamp, digest)
    say("Database: ready")


def _digest(paths: Paths, env: Mapping[str, str]) -> str:
    """Changes with the migrations, with the database's address and with the mode."""
    migrations = sorted((paths.root / "app" / "migrations").rglob("*.py"))
    return digest_of(migrations, env["AIRSKETCH_DATABASE_URL"], env["AIRSKETCH_ENV"])


def _file_is_there(paths: Paths, env: Mapping[str, str]) -> bool:
    url = env["AIRSKETCH_DATABASE_URL"]
    return not url.startswith("sqlite:") or paths.sqlite_file.is_file()


def _flask(paths: Paths, env: Mapping[str, str], words: list[str], missing: str) -> None:
    log = paths.logs / "database.log"
    with log.open("wb") as output:
        try:
            done = subprocess.run(
                [paths.venv_python, "-m", "flask", "--app", "wsgi", *words],
                cwd=paths.root,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SetupError(missing, f"It took longer than {_LIMIT_S} s. {log_hint(log)}") from error
    if done.returncode != 0:
        raise SetupError(
            f"{missing} ({last_line_of(log)})",
            f"Check the database's address and that its disk is not full. {log_hint(log)}",
        )
