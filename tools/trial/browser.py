"""A real browser for system tests: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tools.trial.server import wait_until

# Not localhost and without TLS: what a page on a home network looks like to a browser.
LAN_HOST = "lamp.test"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {LAN_HOST} 127.0.0.1",
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


def see(page: Page, text: str, *, inside: str = "body", limit_s: float = 60.0) -> None:
    """Wait until a text can be seen; Playwright's own waiting needs eval, which the page forbids."""

    try:
        wait_until(lambda: text in shown(page, inside), "", limit_s=limit_s, pause_s=0.02)
    except AssertionError:
        where = f"“{text}” in {inside} of {page.url}"
        there = f"There is “{shown(page, inside)}”; on the page: “{shown(page)}”"
        raise AssertionError(f"waited {limit_s:.0f} s in vain: {where}. {there}") from None


def shown(page: Page, inside: str = "body") -> str:
    """The text that can be seen now; empty while the page is just being replaced."""
    try:
        return str(page.evaluate("(at) => document.querySelector(at)?.innerText ?? ''", inside))
    except Error as error:
        if "context was destroyed" in error.message:
            return ""
        raise
