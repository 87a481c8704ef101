"""Provides the browser of the tests where that is allowed, and says what is skipped where it is not."""

import os
import shutil
import subprocess
import sys

from scripts.debian_packages import release_facts
from scripts.setup import say

_LIMIT_S = 900
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def browser() -> str | None:
    """A Chromium on the PATH, if there is one."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def way_to_root() -> list[str] | None:
    """How to run a command as root without asking for a password; None if there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and _succeeds([sudo, "-n", "true"]):
        return [sudo, "-n"]
    return None


def why_not_installable() -> str | None:
    """Why Debian's Chromium cannot be installed here; None if it can."""
    if not shutil.which("apt-get"):
        return "this machine has no apt"
    if release_facts().get("ID") == "ubuntu":
        return "Ubuntu has no Chromium package, only a snap"
    if way_to_root() is None:
        return "that needs root or sudo without a password"
    return None


def install() -> bool:
    """Install Debian's Chromium; whether it is there afterwards."""
    say("Browser for the tests: installing Debian's chromium (about a minute)")
    apt = [*(way_to_root() or []), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _succeeds([*apt, "update"])
    _succeeds([*apt, "install", "-y", "--no-install-recommends", "chromium"])
    return browser() is not None


def _succeeds(command: list[str]) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT_S, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def main() -> int:
    """Say what the tests will use."""
    found = browser()
    if found is None:
        reason = why_not_installable()
        if reason is None and not install():
            reason = "apt did not manage"
        if reason is not None:
            remedy = "brew install chromium" if sys.platform == "darwin" else "sudo apt install chromium"
            say(f"SKIPPED: the tests in a browser. No Chromium is here, and {reason}. To run them: {remedy}")
            return 0
        found = browser()
    say(f"Browser for the tests: {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
