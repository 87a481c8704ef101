"""The main job, everything real: a browser, a server, a compiler, and a bot that fetches its firmware."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page

from tests.simulator.bot import DemoBot
from tests.simulator.keys import device_key
from tests.system.browser import chromium_path, running_browser, see
from tests.system.server import Server

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

PASSWORD = "correct horse 7"
WRONG = "void setup() {\n  pinMode(2, OUTPUT)\n}\nvoid loop() {}\n"
# Large enough that its download can be watched.
RIGHT = """\
const uint8_t song[300000] = {1, 2, 3};
void setup() {
  pinMode(2, OUTPUT);
}
void loop() {
  analogWrite(2, song[millis() % sizeof(song)]);
}
"""
OTHER = "void setup() {\n  pinMode(2, OUTPUT);\n}\nvoid loop() { delay(125); }\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


def _register(page: Page, server: Server, product_id: str) -> None:
    page.goto(f"{server.url}/register")
    page.fill("[name=product_id]", product_id)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sketches")


def _type(page: Page, source: str) -> None:
    """Replace the whole text of the editor by typing."""
    page.click(".cm-content[contenteditable=true]")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)


def _new_sketch(page: Page, name: str) -> None:
    page.get_by_role("button", name="New sketch").first.click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/sketches/*")
    see(page, "Saved", inside=".ide__title")
    page.wait_for_selector("[data-action=compile]:enabled")


def test_a_newcomer_brings_a_sketch_to_a_bot_and_sees_a_rollback(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    _register(page, server, "bot_e2e")
    _new_sketch(page, "First")

    _type(page, WRONG)
    page.keyboard.press("Control+Enter")
    see(page, "First.ino:2", inside=".ide__output", limit_s=60)
    assert page.locator(".cm-lint-marker-error").count() == 1

    _type(page, RIGHT)
    page.keyboard.press("Control+Enter")
    see(page, "Built", inside=".ide__build", limit_s=60)
    see(page, "Not sent to a bot yet", inside=".ide__chain")

    page.get_by_role("button", name="Send to bot").click()
    see(page, "Press the trigger button", inside=".ide__chain")

    key = device_key(server.settings(), "bot_e2e")
    bot = DemoBot(server.url, "bot_e2e", key, bytes_per_s=150_000)
    with ThreadPoolExecutor() as pool:
        pressed = pool.submit(bot.press_button)
        see(page, "is downloading", inside=".ide__chain")
        pressed.result()
    see(page, "is running this sketch", inside=".ide__chain")
    page.reload()
    see(page, "is running this sketch", inside=".ide__chain")

    _type(page, OTHER)
    page.keyboard.press("Control+Enter")
    see(page, "Not sent to a bot yet", inside=".ide__chain", limit_s=60)
    page.get_by_role("button", name="Send to bot").click()
    see(page, "Press the trigger button", inside=".ide__chain")
    bot.next_image_is_bad = True
    bot.press_button()
    see(page, "went back to the one before", inside=".ide__chain")
    assert faults == []
