"""A real server and a real browser for the tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tools.trial.browser import chromium_path, running_browser
from tools.trial.server import Server, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do it no harm."""
    with running_server(tmp_path_factory.mktemp("airsketch")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one file."""
    if chromium_path() is None:
        pytest.skip("there is no Chromium on this machine")
    with running_browser() as browser:
        yield browser
