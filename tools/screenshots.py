"""Takes the pictures of `docs/images`: the pages of a fresh demo server, light and dark, in Chromium.

`make screenshots` runs it. The server has data of its own, so nothing of yours is shown or changed.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from config import DEMO_PASSWORD, DEMO_PRODUCT_ID
from tools.trial.browser import chromium_path, running_browser, see
from tools.trial.server import ROOT, Owner, Server, running_server, wait_until

IMAGES = ROOT / "docs" / "images"
_SIZE = {"width": 1280, "height": 800}
_THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_MORE_BOTS = 5
# Long enough for LEDs, counters and plots of the bots to have something to show.
_SETTLE_MS = 3000


def main() -> int:
    """Take all pictures; 1 if there is no browser to take them with."""
    if chromium_path() is None:
        print("Chromium is missing. On Debian: sudo apt install chromium", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="airsketch-screenshots-") as folder,
        running_server(Path(folder)) as server,
        running_browser() as browser,
        _logged_in(browser, server) as page,
    ):
        _editor(page, server)
        _virtual_bots(page, server)
        _devices(page, server)
    return 0


@contextmanager
def _logged_in(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of the demo account."""
    context = browser.new_context(viewport=_SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server.url}/login")
    page.fill("[name=login_name]", DEMO_PRODUCT_ID)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sketches")
    try:
        yield page
    finally:
        context.close()


def _editor(page: Page, server: Server) -> None:
    """Compile Blink, send it to the virtual bot beside the editor, and let it install it."""
    page.get_by_role("link", name="Blink").first.click()
    see(page, "OtaAware", inside=".vboard__state", limit_s=90)
    page.click("[data-action=compile]")
    page.get_by_role("button", name="Send to bot").click(timeout=60_000)
    wait_until(lambda: _newest_update(server) == "armed", "an update that waits for the bot")
    page.get_by_role("button", name="Trigger", exact=True).click(delay=150)
    wait_until(lambda: _newest_update(server) == "confirmed", "Blink on the bot")
    see(page, "Blink", inside=".vboard__state")
    _take(page, "editor")


def _newest_update(server: Server) -> str:
    """The state of the demo bot's newest update; empty if there is none."""
    owner = Owner(server.url, DEMO_PRODUCT_ID)
    owner.password = DEMO_PASSWORD
    updates = owner.log_in().call("GET", f"/devices/{DEMO_PRODUCT_ID}/updates").json()["updates"]
    return str(updates[0]["state"]) if updates else ""


def _virtual_bots(page: Page, server: Server) -> None:
    """Several virtual bots side by side; the newest build is their first sketch."""
    page.goto(f"{server.url}/virtual-bots")
    for count in range(1, _MORE_BOTS + 1):
        page.click("[data-action=add]")
        page.wait_for_selector(f".vcard:nth-child({count + 1})")
    page.click("[data-action=start]")
    _take(page, "virtual-bots")


def _devices(page: Page, server: Server) -> None:
    """The list of bots, the page of one, and the page for its initial flash."""
    page.goto(f"{server.url}/devices")
    page.wait_for_selector(".device-list .card")
    _take(page, "devices")
    page.goto(f"{server.url}/devices/{DEMO_PRODUCT_ID}")
    page.wait_for_selector(".facts dd")
    _take(page, "device")
    page.goto(f"{server.url}/devices/{DEMO_PRODUCT_ID}/flash")
    page.wait_for_selector("[data-slot=keys] button")
    _take(page, "flash")


def _take(page: Page, name: str) -> None:
    """One picture in each theme, from the top of the page."""
    page.wait_for_timeout(_SETTLE_MS)
    page.mouse.move(0, 0)
    for theme in _THEMES:
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=IMAGES / f"{name}-{theme}.png")
        print(f"docs/images/{name}-{theme}.png")
    page.emulate_media(color_scheme="light")


if __name__ == "__main__":
    sys.exit(main())
