"""bubblewrap, the jail around the compiler."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.setup import debian_packages
from tools.setup.commands import CommandFailed, Progress, output_of
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.setup.steps.step import Step

_SINGLE_USER = "Airsketch runs for a single user without it"


def bwrap_of(paths: Paths) -> Path | None:
    """A bubblewrap that runs: the machine's, else this copy's."""
    found = shutil.which("bwrap")
    candidates = [Path(found)] if found else []
    working = [path for path in [*candidates, paths.bwrap] if output_of([path, "--version"]) is not None]
    return working[0] if working else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubblewrap(Step):
    """Uses the machine's bubblewrap, else unpacks the Debian package into the tools folder."""

    @property
    def name(self) -> str:
        """What the step provides."""
        return "Jail for the compiler"

    @property
    def is_required(self) -> bool:
        """Airsketch runs without it, for a single user."""
        return False

    def is_done(self) -> bool:
        """Whether a bubblewrap is there."""
        return bwrap_of(self.paths) is not None

    def do(self, progress: Progress) -> None:
        """Fetch the package where there are packages."""
        if sys.platform == "darwin":
            raise SetupError("macOS has no bubblewrap.", f"{_SINGLE_USER}; for several users use Linux.")
        source = debian_packages.own_source() if debian_packages.is_available() else None
        if source is None:
            raise SetupError(
                "bubblewrap is missing.", f"{_SINGLE_USER}; install it with your package manager."
            )
        try:
            debian_packages.install_program(
                "bubblewrap", "bwrap", source, self.paths, target=self.paths.bwrap, progress=progress
            )
        except CommandFailed as error:
            progress(str(error))
        if not self.is_done():
            raise SetupError(
                "bubblewrap is missing.", f"{_SINGLE_USER}; to get it: sudo apt install bubblewrap."
            )
