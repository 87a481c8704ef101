"""A page outlives its server, its connection and the same page in another tab; nothing typed is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.system.pages import build, new_sketch, register, source, type_source
from tools.trial.browser import see
from tools.trial.server import Server, running_server, wait_until

pytestmark = pytest.mark.system
SKETCH = "void setup() {}\nvoid loop() { delay(%d); }\n"


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of our own, for we break it."""
    with running_server(tmp_path_factory.mktemp("recovery")) as server:
        yield server


@pytest.fixture
def page(own_server: Server, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=own_server.url)
    page = context.new_page()
    register(page, own_server)
    yield page
    context.close()


def test_what_is_typed_while_the_server_is_down_is_saved_when_it_is_back(
    own_server: Server, page: Page
) -> None:
    new_sketch(page, "Offline")
    with own_server.without("gunicorn"):
        type_source(page, SKETCH % 1)
        see(page, "kept in this browser", inside=".ide__title")
    wait_until(own_server.is_up, "the server is back")
    see(page, "Saved", inside=".ide__title")
    # Events arrive again without a reload: the build shows its end.
    build(page)
    page.reload()
    see(page, "Saved", inside=".ide__title")
    assert source(page) == SKETCH % 1


def test_a_reload_in_the_middle_of_typing_loses_nothing(page: Page) -> None:
    new_sketch(page, "Reload")
    type_source(page, SKETCH % 2)
    page.reload()
    see(page, "Saved", inside=".ide__title")
    assert source(page) == SKETCH % 2


def test_two_tabs_show_both_versions_and_lose_none(page: Page) -> None:
    new_sketch(page, "Twice")
    other = page.context.new_page()
    other.goto(page.url)
    see(other, "Saved", inside=".ide__title")
    # The other tab's saves are held up, so that this one is quicker.
    other.route("**/files", lambda route: route.abort())
    type_source(other, SKETCH % 4)
    see(other, "kept in this browser", inside=".ide__title")
    type_source(page, SKETCH % 3)
    see(other, "Newer revision on the server", inside=".ide__title")
    other.unroute("**/files")
    other.get_by_role("button", name="Compare").click()
    see(other, "delay(3)", inside="dialog")
    see(other, "delay(4)", inside="dialog")
    other.get_by_role("button", name="Keep mine").click()
    see(other, "Saved", inside=".ide__title")
    assert source(other) == SKETCH % 4
    sketch = page.url.rsplit("/", 1)[1]
    kept = page.request.get(f"/api/v1/sketches/{sketch}/revisions/2").json()["files"]["Twice.ino"]
    assert kept == SKETCH % 3


def test_a_running_build_goes_on_when_the_page_is_closed_and_is_shown_when_it_is_back(page: Page) -> None:
    new_sketch(page, "Closed")
    type_source(page, SKETCH % 5)
    see(page, "Saved", inside=".ide__title")
    url = page.url
    with page.expect_response(lambda answer: answer.url.endswith("/builds") and answer.ok):
        page.keyboard.press("Control+Enter")
    page.goto("about:blank")
    page.goto(url)
    see(page, "Built", inside=".ide__build")
    see(page, "Sketch uses", inside=".ide__output")
