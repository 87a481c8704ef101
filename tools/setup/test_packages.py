"""Provides what tests need beside Python where that is allowed, and says what is skipped where it is not."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.setup.debian_packages import release_facts
from tools.setup.plan import say

_LIMIT_S = 900
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_MAC_FIREFOX = Path("/Applications/Firefox.app/Contents/MacOS/firefox")
_POSTGRESQL = Path("/usr/lib/postgresql")
_DOCTEST = (Path("/usr/include/doctest/doctest.h"), Path("/opt/homebrew/include/doctest/doctest.h"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that some tests need.

    Attributes:
        title: what it is for, for people.
        packages: the Debian packages that bring it.
        brew: the same for Homebrew; None if there is no such thing on macOS.
        found: where it is; None if it is not here.
        in_ubuntu: whether Ubuntu has these packages too.
        is_server: whether they start a server of their own, which nobody's desk gets without being asked.
    """

    title: str
    packages: tuple[str, ...]
    brew: str | None
    found: Callable[[], str | None]
    in_ubuntu: bool = True
    is_server: bool = False


def browser() -> str | None:
    """A Chromium on the PATH, if there is one."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def firefox() -> str | None:
    """A Firefox of the long-term line on the PATH, or a Mac's Firefox, if there is one."""
    return shutil.which("firefox-esr") or (str(_MAC_FIREFOX) if _MAC_FIREFOX.exists() else None)


def host_compiler() -> str | None:
    """The compiler of the bot library's own tests, if all they need is there."""
    tools = [shutil.which(name) for name in ("g++", "cmake")]
    return tools[0] if all(tools) and any(path.exists() for path in _DOCTEST) else None


def postgresql_server() -> str | None:
    """The program that makes a PostgreSQL database; Debian keeps it off the PATH."""
    found = sorted(_POSTGRESQL.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which("initdb")


def system_call_filter() -> str | None:
    """The C library with which the sandbox closes system calls."""
    return ctypes.util.find_library("seccomp")


NEEDS = (
    Need(
        title="Tests of the sandbox's system call filter",
        packages=("libseccomp2",),
        brew=None,
        found=system_call_filter,
    ),
    # Ubuntu's packages of both browsers only lead to snaps, or are not there.
    Need(title="Tests in a browser", packages=("chromium",), brew="chromium", found=browser, in_ubuntu=False),
    Need(
        title="Tests in Firefox",
        packages=("firefox-esr",),
        brew="--cask firefox@esr",
        found=firefox,
        in_ubuntu=False,
    ),
    Need(
        title="Tests on PostgreSQL",
        packages=("postgresql",),
        brew="postgresql",
        found=postgresql_server,
        is_server=True,
    ),
    Need(
        title="Tests of the bot's library",
        packages=("g++", "cmake", "doctest-dev"),
        brew="cmake doctest",
        found=host_compiler,
    ),
)


def way_to_root() -> list[str] | None:
    """How to run a command as root without asking for a password; None if there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and _succeeds([sudo, "-n", "true"]):
        return [sudo, "-n"]
    return None


def why_not_installable(need: Need) -> str | None:
    """Why the packages cannot be installed here; None if they can."""
    if not shutil.which("apt-get"):
        return "this machine has no apt"
    if not need.in_ubuntu and release_facts().get("ID") == "ubuntu":
        return "Ubuntu has it as a snap only"
    if need.is_server and not os.environ.get("CI"):
        return "that would start a server on this machine"
    if way_to_root() is None:
        return "that needs root or sudo without a password"
    return None


def provide(need: Need) -> str | None:
    """Install what is missing if that may be done; why not, or None if it is there."""
    if need.found() is not None:
        return None
    reason = why_not_installable(need)
    if reason is not None:
        return reason
    say(f"{need.title}: installing Debian's {' '.join(need.packages)} (about a minute)")
    apt = [*(way_to_root() or []), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _succeeds([*apt, "update"])
    _succeeds([*apt, "install", "-y", "--no-install-recommends", *need.packages])
    return None if need.found() is not None else "apt failed"


def _succeeds(command: list[str]) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT_S, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _remedy(need: Need) -> str:
    if sys.platform != "darwin":
        return f"sudo apt install {' '.join(need.packages)}"
    return f"brew install {need.brew}" if need.brew else "use Linux"


def main() -> int:
    """Say what the tests will use, and what is skipped."""
    for need in NEEDS:
        reason = provide(need)
        if reason is None:
            say(f"{need.title}: {need.found()}")
            continue
        what = need.title[0].lower() + need.title[1:]
        say(f"SKIPPED: {what}, because {reason}. To run them: {_remedy(need)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
