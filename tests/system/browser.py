"""A real browser for system tests: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.system.server import wait_until

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Where Chromium is; None if this machine has none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser for the time of a block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def see(page: Page, text: str, *, inside: str = "body", limit_s: float = 30.0) -> None:
    """Wait until a text can be seen; Playwright's own waiting needs eval, which the page forbids."""

    def is_there() -> bool:
        # `innerText` of a page that is just being replaced is null.
        return text in (page.evaluate("(at) => document.querySelector(at)?.innerText ?? ''", inside))

    wait_until(is_there, f"“{text}” in {inside} of {page.url}", limit_s=limit_s, pause_s=0.02)
