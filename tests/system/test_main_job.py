"""The main job, everything real: a browser, a server, a compiler, and a bot that fetches its firmware."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from playwright.sync_api import Browser

from tests.system.pages import build, new_sketch, register, type_source
from tools.demo_bot.bot import DemoBot
from tools.demo_bot.keys import device_key
from tools.trial.browser import see
from tools.trial.server import Server

pytestmark = pytest.mark.system

WRONG = "void setup() {\n  pinMode(2, OUTPUT)\n}\nvoid loop() {}\n"
# Large enough to be told of piece by piece.
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


class SlowBot(DemoBot):
    """A bot that stops in the middle of a download until it may go on."""

    def __init__(self, server: Server) -> None:
        key = device_key(server.settings(), "bot_e2e")
        super().__init__(server.url, "bot_e2e", key, tell=self._hear)
        self.may_go_on = Event()
        self._pieces_told = 0

    def _hear(self, line: str) -> None:
        self._pieces_told += "downloading" in line
        if self._pieces_told == 2:
            self.may_go_on.wait()


def test_a_newcomer_brings_a_sketch_to_a_bot_and_sees_a_rollback(  # noqa: PLR0915 - one story
    server: Server, browser: Browser
) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    register(page, server, "bot_e2e")
    new_sketch(page, "First")

    type_source(page, WRONG)
    page.keyboard.press("Control+Enter")
    see(page, "First.ino:2", inside=".problems", limit_s=60)
    page.wait_for_selector(".cm-lint-marker-error")

    type_source(page, RIGHT)
    build(page)
    see(page, "Not sent to a bot yet", inside=".ide__timeline")

    page.get_by_role("button", name="Send to bot").click()
    see(page, "Press the trigger button", inside=".ide__timeline")

    bot = SlowBot(server)
    with ThreadPoolExecutor() as pool:
        pressed = pool.submit(bot.press_button)
        try:
            see(page, "is downloading", inside=".ide__timeline")
        finally:
            bot.may_go_on.set()
        pressed.result()
    see(page, "is running this sketch", inside=".ide__timeline")
    see(page, "Runs First r3 · newest", inside=".send__firmware")
    page.reload()
    see(page, "is running this sketch", inside=".ide__timeline")

    type_source(page, OTHER)
    page.keyboard.press("Control+Enter")
    see(page, "Not sent to a bot yet", inside=".ide__timeline", limit_s=60)
    page.get_by_role("button", name="Send to bot").click()
    see(page, "Press the trigger button", inside=".ide__timeline")
    bot.next_image_is_bad = True
    bot.press_button()
    see(page, "rolled back", inside=".ide__timeline")
    see(page, "Runs First r3 · newest r4, 4 lines differ", inside=".send__firmware")
    page.goto(f"{server.url}/devices/bot_e2e")
    see(page, "First r3 · newest r4, 4 lines differ", inside="[data-slot=facts]")
    see(page, "First r3: running", inside="[data-slot=history]")
    see(page, "First r4: rolled back", inside="[data-slot=history]")
    see(page, "Look for a crash in setup()", inside="[data-slot=history]")
    assert errors == []
