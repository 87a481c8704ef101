"""Debian's Firefox ESR for system tests, unchanged, driven by Playwright over WebDriver BiDi."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Playwright

from tools.setup.test_packages import firefox
from tools.trial.browser import LAN_HOST

_RELAY = Path(__file__).with_name("firefox_relay.py")
_START_LIMIT_MS = 120_000
_PREFERENCES: dict[str, bool | int | str] = {
    "network.dns.localDomains": LAN_HOST,
    "ui.prefersReducedMotion": 1,
}


@contextmanager
def running_firefox(
    playwright: Playwright, downloads: Path, preferences: Mapping[str, bool | int | str] | None = None
) -> Iterator[Browser]:
    """A headless Firefox for the time of a block.

    Args:
        playwright: one can drive several browsers; a second one in the same thread cannot be had.
        downloads: the folder for what a page gives; Playwright itself does not hear of it from Firefox.
        preferences: as in `about:config`.
    """
    with TemporaryDirectory() as folder:
        browser = playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=_program(Path(folder)),
            firefox_user_prefs={**_PREFERENCES, **(preferences or {})},
            downloads_path=downloads,
            timeout=_START_LIMIT_MS,
        )
        try:
            yield browser
        finally:
            browser.close()


def _program(folder: Path) -> Path:
    """The relay in front of Firefox, as one program without arguments of its own."""
    program = folder / "firefox"
    command = shlex.join([sys.executable, str(_RELAY), str(firefox())])
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    program.chmod(0o700)
    return program
