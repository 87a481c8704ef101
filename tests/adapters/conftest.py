"""A real Redis for the adapters that speak to one."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.system.server import free_port, redis_server_binary, wait_until


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis server of our own."""
    port = free_port()
    folder: Path = tmp_path_factory.mktemp("redis")
    process = subprocess.Popen(
        [
            redis_server_binary(),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(folder),
            "--save",
            "",
        ],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"

    def answers() -> bool:
        try:
            with Redis.from_url(url) as client:
                return bool(client.ping())
        except RedisError:
            return False

    try:
        wait_until(answers, "Redis")
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def redis(redis_url: str) -> Iterator["Redis[bytes]"]:
    """An empty database."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
        yield client
