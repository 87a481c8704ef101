"""Settings, read once from the environment, checked, frozen and passed down.

The standard library only: the set-up reads the defaults here before any package is installed.
"""

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
KEPT_ENVIRONMENT = "environment.json"
"""File of the instance folder in which the supervisor leaves the settings of its last start."""

MODES = ("development", "production")
"""What `AIRSKETCH_ENV` can be; the first is the default."""

DEMO_PRODUCT_ID = "bot_001"
DEMO_PASSWORD = "12345678"  # noqa: S105 - public by design, for a first look on one's own machine
# A text in a bot's memory lies in one page; NVS takes 4,000 bytes of it, and it holds other entries too.
MAX_CA_BYTES = 3_500

_LOG_LEVELS = ("info", "debug", "warning", "error")
_LOG_FORMATS = ("text", "json")
_MIN_SECRET_CHARS = 32
_KEY_HEX_CHARS = 64


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which, and what to do."""


class Registration(StrEnum):
    """Who may register a bot: anybody, who holds an entered id with its password, or nobody."""

    OPEN = "open"
    INVENTORY = "inventory"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. The names in the environment are in `docs/OPERATIONS.md`.

    Attributes:
        production: refuses unsafe values; cookies are sent over TLS only.
        secret_key: signs sessions; at least 32 characters.
        encryption_key: 32 bytes that encrypt Wi-Fi settings and device keys at rest.
        database_url: SQLAlchemy URL.
        redis_url: Redis for queue, events and rate limits; empty only in tests.
        instance_dir: database, Redis data, logs.
        tools_dir: arduino-cli and compilers, made by the set-up.
        builds_dir: one folder a build.
        sketches_dir: saved revisions of users' sketches.
        registration: who may register.
        public_origin: scheme, host and port of the page as browsers see it; empty = as asked.
        build_time_limit_s: seconds a compile may take.
        max_open_builds: queued and running builds one account may have.
        worker_name: names this compile worker and what is installed here; empty = the name of the host.
        unjailed: run compilers without a jail although the server has several users.
        device_ca_pem: certificates of the authority that bots check this server against; may be empty.
        trusted_proxies: proxies in front whose X-Forwarded-* headers are trusted.
        log_level: the least level of Airsketch's own log lines.
        log_as_json: log lines are JSON objects instead of `key=value` pairs.
    """

    production: bool
    secret_key: str
    encryption_key: bytes
    database_url: str
    redis_url: str
    instance_dir: Path
    tools_dir: Path
    builds_dir: Path
    sketches_dir: Path
    registration: Registration = Registration.OPEN
    public_origin: str = ""
    build_time_limit_s: int = 120
    max_open_builds: int = 4
    worker_name: str = ""
    unjailed: bool = False
    device_ca_pem: str = ""
    trusted_proxies: int = 0
    log_level: str = _LOG_LEVELS[0]
    log_as_json: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; what is not set is taken from the last start of the supervisor.

        Raises:
            SettingsError: a value is missing or wrong.
        """
        instance = instance_dir(env)
        env = {**_kept(instance), **env}
        return cls(
            production=_choice(env, "AIRSKETCH_ENV", MODES) == "production",
            secret_key=_secret_key(env),
            encryption_key=_encryption_key(env),
            database_url=_database_url(env),
            redis_url=_required(env, "AIRSKETCH_REDIS_URL"),
            instance_dir=instance,
            tools_dir=tools_dir(env),
            builds_dir=_path(env, "AIRSKETCH_BUILDS_DIR", ROOT / "builds"),
            sketches_dir=_path(env, "AIRSKETCH_SKETCHES_DIR", ROOT / "sketches" / "users"),
            registration=Registration(_choice(env, "REGISTRATION", tuple(Registration))),
            public_origin=env.get("AIRSKETCH_PUBLIC_ORIGIN", "").rstrip("/"),
            build_time_limit_s=_number(env, "AIRSKETCH_BUILD_TIME_LIMIT_S", 120, low=1, high=3600),
            max_open_builds=_number(env, "AIRSKETCH_MAX_OPEN_BUILDS", 4, low=1, high=1000),
            worker_name=env.get("AIRSKETCH_WORKER_NAME", "")[:128],
            unjailed=_flag(env, "AIRSKETCH_UNJAILED"),
            device_ca_pem=_authority(env),
            trusted_proxies=_number(env, "AIRSKETCH_TRUSTED_PROXIES", 0, low=0, high=5),
            log_level=_choice(env, "AIRSKETCH_LOG_LEVEL", _LOG_LEVELS),
            log_as_json=_choice(env, "AIRSKETCH_LOG_FORMAT", _LOG_FORMATS) == "json",
        )


def instance_dir(env: Mapping[str, str], root: Path = ROOT) -> Path:
    """The folder with database, Redis data, secrets and logs."""
    return _path(env, "AIRSKETCH_INSTANCE_DIR", root / "instance")


def tools_dir(env: Mapping[str, str], root: Path = ROOT) -> Path:
    """The folder with arduino-cli and compilers."""
    return _path(env, "AIRSKETCH_TOOLS_DIR", root / ".tools")


def sqlite_file(instance: Path) -> Path:
    """The database that is used when no other is named."""
    return instance / "airsketch.sqlite3"


def database_url(env: Mapping[str, str], instance: Path) -> str:
    """The SQLAlchemy URL of the database."""
    return (
        env.get("AIRSKETCH_DATABASE_URL") or env.get("DATABASE_URL") or f"sqlite:///{sqlite_file(instance)}"
    )


def settings_or_exit() -> Settings:
    """The settings of this process; a wrong one ends it with a line that says what to do."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        sys.exit(f"Airsketch cannot start: {error}")


def _kept(instance: Path) -> dict[str, str]:
    """The environment that the supervisor gave its programs, so that commands reach the same server."""
    try:
        found: dict[str, str] = json.loads((instance / KEPT_ENVIRONMENT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{instance / KEPT_ENVIRONMENT} cannot be read; `make run` writes it again."
        ) from error
    return found


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise SettingsError(f"{name} is not set. Start with `make run`, or set it (docs/OPERATIONS.md).")
    return value


def _database_url(env: Mapping[str, str]) -> str:
    url = database_url(env, instance_dir(env))
    if url.startswith("postgresql") and find_spec("psycopg") is None:
        raise SettingsError("PostgreSQL needs its driver: .venv/bin/pip install 'psycopg[binary]'")
    return url


def _secret_key(env: Mapping[str, str]) -> str:
    value = _required(env, "AIRSKETCH_SECRET_KEY")
    if len(value) < _MIN_SECRET_CHARS:
        raise SettingsError(f"AIRSKETCH_SECRET_KEY needs at least {_MIN_SECRET_CHARS} characters.")
    return value


def _encryption_key(env: Mapping[str, str]) -> bytes:
    value = _required(env, "AIRSKETCH_ENCRYPTION_KEY")
    try:
        key = bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(value) != _KEY_HEX_CHARS or not key:
        raise SettingsError(f"AIRSKETCH_ENCRYPTION_KEY needs {_KEY_HEX_CHARS} hex digits.")
    return key


def _authority(env: Mapping[str, str]) -> str:
    name = env.get("AIRSKETCH_DEVICE_CA_FILE", "")
    if not name:
        return ""
    try:
        text = Path(name).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise SettingsError(f"AIRSKETCH_DEVICE_CA_FILE: “{name}” cannot be read as text.") from None
    if "-----BEGIN CERTIFICATE-----" not in text or "PRIVATE KEY" in text or len(text) > MAX_CA_BYTES:
        raise SettingsError(
            f"AIRSKETCH_DEVICE_CA_FILE must hold certificates (PEM) and no key, {MAX_CA_BYTES} bytes at most."
        )
    return text


def _path(env: Mapping[str, str], name: str, default: Path) -> Path:
    value = env.get(name)
    return Path(value).resolve() if value else default


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name) or allowed[0]
    if value not in allowed:
        raise SettingsError(f"{name} is “{value}”; choose one of {', '.join(allowed)}.")
    return value


def _flag(env: Mapping[str, str], name: str) -> bool:
    return _choice(env, name, ("0", "1")) == "1"


def _number(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    value = env.get(name)
    if not value:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise SettingsError(f"{name} is “{value}”; it must be a whole number from {low} to {high}.")
    return int(value)
