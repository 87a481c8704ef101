"""The first minutes of a newcomer: the demo account's bot is on the screen before anybody asks for one."""

import pytest
from playwright.sync_api import Browser, Page

from config import DEMO_PASSWORD, DEMO_PRODUCT_ID
from tools.trial.browser import see
from tools.trial.server import Server

pytestmark = pytest.mark.system


def _log_in(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/login")
    page.fill("[name=login_name]", DEMO_PRODUCT_ID)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sketches")


def test_a_newcomer_compiles_sends_presses_and_sees_it_blink_with_no_further_step(
    server: Server, browser: Browser
) -> None:
    page = browser.new_page()
    _log_in(page, server)
    page.get_by_role("link", name="Blink").first.click()
    see(page, "Running OtaAware from slot ota_0", inside=".vboard__state", limit_s=90)
    page.click("[data-action=compile]")
    see(page, "Not sent to a bot yet", inside=".ide__timeline", limit_s=60)
    page.get_by_role("button", name="Send to bot").click()
    see(page, "Press the trigger button", inside=".ide__timeline")
    page.get_by_role("button", name="Trigger", exact=True).click(delay=150)
    see(page, "is running this sketch", inside=".ide__timeline")
    see(page, "Running Blink from slot ota_1", inside=".vboard__state")

    # From now on it lives there: another browser has to ask for it.
    other = browser.new_page()
    _log_in(other, server)
    other.goto(f"{server.url}/devices/{DEMO_PRODUCT_ID}/virtual")
    see(other, "This bot runs in another browser")
