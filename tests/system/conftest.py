"""A real server for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.system.server import Server, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do it no harm."""
    with running_server(tmp_path_factory.mktemp("airsketch")) as server:
        yield server
