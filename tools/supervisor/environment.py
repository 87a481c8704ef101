"""The environment in which the programs of Airsketch run."""

import json
import os
import subprocess
from collections.abc import Mapping

from config import MODES, Registration, database_url
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.setup.steps.instance_folder import read_secrets, write_private

_JAIL_LIMIT_S = 60


def child_environment(paths: Paths, redis_url: str, env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of web, worker and commands: the given one, with what it lacks filled in.

    Raises:
        SetupError: the generated secrets cannot be read.
    """
    own = {
        "AIRSKETCH_ENV": MODES[0],
        "AIRSKETCH_INSTANCE_DIR": str(paths.instance),
        "AIRSKETCH_TOOLS_DIR": str(paths.tools),
        "AIRSKETCH_REDIS_URL": redis_url,
        "AIRSKETCH_DATABASE_URL": database_url(env, paths.instance),
        **_secrets(paths, env),
    }
    given = {name: value for name, value in env.items() if value}
    return {**own, **given, "PYTHONUNBUFFERED": "1"}


def keep_environment(paths: Paths, env: Mapping[str, str]) -> None:
    """Leave the settings in the private instance folder, for `flask --app wsgi …` in another shell."""
    ours = {
        name: value for name, value in env.items() if name.startswith("AIRSKETCH_") or name == "REGISTRATION"
    }
    write_private(paths.kept_environment, json.dumps(ours))


def _secrets(paths: Paths, env: Mapping[str, str]) -> dict[str, str]:
    names = {"AIRSKETCH_SECRET_KEY": "secret_key", "AIRSKETCH_ENCRYPTION_KEY": "encryption_key"}
    if all(env.get(name) for name in names):
        return {}
    stored = read_secrets(paths)
    return {name: stored[key] for name, key in names.items()}


def settle_jail(paths: Paths, env: dict[str, str]) -> str | None:
    """Decide what a missing jail means for who may use this server.

    Without a setting for registration nobody new may register: the existing account is the single user.
    With registration asked for, the server has several users, and only `AIRSKETCH_UNJAILED=1` lets it start.

    Args:
        paths: whose jail to try.
        env: the children's environment; gets `REGISTRATION` and `AIRSKETCH_UNJAILED` when there is no jail.
    Returns:
        The warning to print; None if the jail works.
    Raises:
        SetupError: several users are wanted without a jail.
    """
    reason = why_jail_fails(paths, env)
    if reason is None:
        return None
    if env.get("AIRSKETCH_UNJAILED") == "1":
        return f"compilers run WITHOUT a jail, as configured: any user can run programs here. ({reason})"
    if env.get("REGISTRATION", Registration.CLOSED) != Registration.CLOSED:
        raise SetupError(
            f"The jail for compilers does not work here ({reason}), and registration is open.",
            "Make bubblewrap work (see `make doctor`), or unset REGISTRATION to be the only user.",
        )
    env["REGISTRATION"] = Registration.CLOSED
    env["AIRSKETCH_UNJAILED"] = "1"
    return f"single-user mode, nobody can register: the jail for compilers does not work here ({reason})"


def why_jail_fails(paths: Paths, env: Mapping[str, str]) -> str | None:
    """What the worker says about its jail; None if it works."""
    try:
        done = subprocess.run(
            [paths.venv_python, "-m", "compiler_worker.sandbox.jail", "--check", "--tools", paths.tools],
            cwd=paths.root,
            env=dict(env),
            capture_output=True,
            text=True,
            timeout=_JAIL_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode == 0:
        return None
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1] if lines else f"its check ended with code {done.returncode}"
