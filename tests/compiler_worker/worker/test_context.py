"""What a worker starts with, and when it refuses."""

import logging
from pathlib import Path

import pytest

from compiler_worker.sandbox.jail import JailError, NoSandbox
from compiler_worker.worker import context
from compiler_worker.worker.context import worker_context
from config import SettingsError


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Settings of a server whose jail does not work."""

    def no_jail(_tools: Path) -> None:
        raise JailError("no namespaces here")

    monkeypatch.setattr(context, "find_jail", no_jail)
    monkeypatch.setenv("AIRSKETCH_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("AIRSKETCH_ENCRYPTION_KEY", "ab" * 32)
    monkeypatch.setenv("AIRSKETCH_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("AIRSKETCH_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("AIRSKETCH_BUILD_TIME_LIMIT_S", "77")
    monkeypatch.delenv("AIRSKETCH_UNJAILED", raising=False)
    worker_context.cache_clear()
    return monkeypatch


def test_without_a_jail_nothing_is_compiled(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(JailError, match="no namespaces here"):
        worker_context()


def test_going_without_a_jail_must_be_said_and_is_logged(
    environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    environment.setenv("AIRSKETCH_UNJAILED", "1")
    with caplog.at_level(logging.WARNING):
        found = worker_context()
    assert isinstance(found.toolchain.sandbox, NoSandbox)
    assert "compilers_run_unjailed" in caplog.text
    assert found.toolchain.limits.wall_s == 77
    worker_context.cache_clear()


def test_missing_setting_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AIRSKETCH_SECRET_KEY")
    with pytest.raises(SettingsError, match="AIRSKETCH_SECRET_KEY"):
        worker_context()
