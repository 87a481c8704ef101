"""The instance folder, its secrets, its lock, its logs, and the children's environment."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from config import KEPT_ENVIRONMENT
from tests.tools.setup.programs import put_program
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.setup.steps.instance_folder import InstanceFolder, read_secrets
from tools.supervisor.environment import child_environment, settle_jail
from tools.supervisor.instance_lock import InstanceLock
from tools.supervisor.process_guard import copy_lines
from tools.supervisor.redis_server import RedisServer, answers, given_url, without_password


@pytest.fixture
def ready(paths: Paths, lines: list[str]) -> Paths:
    InstanceFolder(paths=paths).do(lines.append)
    return paths


def test_secrets_are_private_random_and_kept(ready: Paths, lines: list[str]) -> None:
    assert InstanceFolder(paths=ready).is_done()
    assert ready.instance.stat().st_mode & 0o777 == 0o700
    assert ready.secrets.stat().st_mode & 0o777 == 0o600
    first = read_secrets(ready)
    assert len(bytes.fromhex(first["encryption_key"])) == 32
    assert first["secret_key"] != first["encryption_key"]
    InstanceFolder(paths=ready).do(lines.append)
    assert read_secrets(ready) == first


def test_open_folder_is_closed_again(ready: Paths, lines: list[str]) -> None:
    ready.instance.chmod(0o755)
    step = InstanceFolder(paths=ready)
    assert not step.is_done()
    step.do(lines.append)
    assert step.is_done()


@pytest.mark.parametrize("text", ["", "[]", '{"secret_key": "x"}'])
def test_damaged_secrets_are_told_and_not_replaced(ready: Paths, lines: list[str], text: str) -> None:
    ready.secrets.write_text(text)
    InstanceFolder(paths=ready).do(lines.append)
    with pytest.raises(SetupError, match="cannot be read"):
        read_secrets(ready)


def test_children_get_the_generated_secrets(ready: Paths) -> None:
    env = child_environment(ready, "redis://here", {"PATH": "/bin"})
    assert env["AIRSKETCH_SECRET_KEY"] == json.loads(ready.secrets.read_text())["secret_key"]
    assert env["AIRSKETCH_DATABASE_URL"] == f"sqlite:///{ready.instance}/airsketch.sqlite3"
    assert env["AIRSKETCH_REDIS_URL"] == "redis://here"


def test_what_the_environment_says_wins(ready: Paths) -> None:
    given = {
        "AIRSKETCH_SECRET_KEY": "s" * 32,
        "DATABASE_URL": "postgresql://there",
        "AIRSKETCH_ENV": "production",
    }
    env = child_environment(ready, "redis://here", given)
    assert env["AIRSKETCH_SECRET_KEY"] == "s" * 32
    assert env["AIRSKETCH_DATABASE_URL"] == "postgresql://there"
    assert env["AIRSKETCH_ENV"] == "production"


def test_working_jail_changes_nothing(ready: Paths) -> None:
    put_program(ready.venv / "bin", "python", "exit 0")
    env: dict[str, str] = {}
    assert settle_jail(ready, env) is None
    assert env == {}


def test_missing_jail_means_a_single_user(ready: Paths) -> None:
    put_program(ready.venv / "bin", "python", "echo no namespaces; exit 1")
    env: dict[str, str] = {}
    assert "no namespaces" in (settle_jail(ready, env) or "")
    assert env == {"REGISTRATION": "closed", "AIRSKETCH_UNJAILED": "1"}


def test_missing_jail_with_several_users_is_refused_unless_told(ready: Paths) -> None:
    put_program(ready.venv / "bin", "python", "echo no namespaces; exit 1")
    with pytest.raises(SetupError, match="no namespaces"):
        settle_jail(ready, {"REGISTRATION": "inventory"})
    env = {"REGISTRATION": "open", "AIRSKETCH_UNJAILED": "1"}
    assert "WITHOUT a jail" in (settle_jail(ready, env) or "")
    assert env["REGISTRATION"] == "open"


def test_lock_is_held_once_and_names_the_holder(ready: Paths) -> None:
    lock = InstanceLock.take(ready, "http://127.0.0.1:5000/")
    for attempt in (lambda: InstanceLock.take(ready, "x"), lambda: InstanceLock.refuse_if_held(ready)):
        with pytest.raises(SetupError, match=r"http://127\.0\.0\.1:5000/"):
            attempt()
    lock.release()
    InstanceLock.refuse_if_held(ready)


def test_log_keeps_two_files_of_its_limit(tmp_path: Path) -> None:
    printed = BytesIO(b"".join(b"line %03d\n" % number for number in range(50)))
    copy_lines(printed, tmp_path / "web.log", limit_bytes=100)
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 2
    assert max(sizes) <= 100
    assert (tmp_path / "web.log").read_bytes().endswith(b"line 049\n")


def test_a_log_takes_whatever_a_program_prints(tmp_path: Path) -> None:
    copy_lines(BytesIO(b"100 %s\n\xff\nno end"), tmp_path / "web.log")
    assert (tmp_path / "web.log").read_text(encoding="utf-8").splitlines() == ["100 %s", "\ufffd", "no end"]


def test_redis_is_private_and_keeps_its_data(ready: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.supervisor.redis_server.find_program", lambda _: Path("/bin/redis-server"))
    server = RedisServer.prepare(ready)
    lines = server.configuration.read_text().splitlines()
    assert "bind 127.0.0.1" in lines
    assert "appendonly yes" in lines
    assert f"requirepass {server.password}" in lines
    assert f'dir "{ready.instance}/redis"' in lines
    assert server.configuration.stat().st_mode & 0o077 == 0
    assert RedisServer.prepare(ready).password != server.password


def test_given_redis_is_printed_without_its_password() -> None:
    url = given_url({"REDIS_URL": "rediss://user:hush@redis.example:6380/1"})
    assert without_password(url) == "rediss://redis.example:6380"
    assert given_url({}) == ""


def test_nobody_answers_at_a_closed_port() -> None:
    assert not answers("redis://127.0.0.1:1/0")
    assert not answers("redis://127.0.0.1:nonsense/0")


def test_settings_are_kept_where_commands_look_for_them(paths: Paths) -> None:
    assert paths.kept_environment == paths.instance / KEPT_ENVIRONMENT
