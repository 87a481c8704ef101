"""arduino-cli, which compiles the sketches."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.setup import debian_packages
from tools.setup.commands import CommandFailed, Progress, output_of
from tools.setup.errors import SetupError
from tools.setup.steps.arduino_release import VERSION, ReleaseUnavailable, install_release
from tools.setup.steps.step import Step
from tools.setup.versions import Version, as_text, version_in

# 1.5.0 could compile a stale sketch.
MINIMUM: Version = (1, 5, 1)


def version_of(program: Path | str) -> Version | None:
    """The version of an arduino-cli; None if it does not run."""
    return version_in(output_of([program, "version"]) or "")


def is_new_enough(program: Path | str) -> bool:
    """Whether this arduino-cli runs and is new enough."""
    version = version_of(program)
    return version is not None and version >= MINIMUM


@dataclass(frozen=True, slots=True, kw_only=True)
class ArduinoCli(Step):
    """Takes arduino-cli from the PATH, else the official release, else the Debian package."""

    @property
    def name(self) -> str:
        """What the step provides."""
        return "arduino-cli"

    def is_done(self) -> bool:
        """Whether this copy has an arduino-cli that runs."""
        return is_new_enough(self.paths.arduino_cli)

    def do(self, progress: Progress) -> None:
        """Try the three ways in turn."""
        self.paths.arduino_cli.parent.mkdir(parents=True, exist_ok=True)
        reasons = []
        for way in (self._from_path, self._from_release, self._from_debian):
            reason = way(progress)
            if reason is None and self.is_done():
                return
            reasons.append(reason or "it does not run on this machine")
        brew = (
            "brew install arduino-cli"
            if sys.platform == "darwin"
            else "https://arduino.github.io/arduino-cli"
        )
        raise SetupError(
            f"arduino-cli {as_text(MINIMUM)} or newer is missing ({'; '.join(reasons)}).",
            f"Connect to the internet and run the command again, or install it yourself: {brew}",
        )

    def _from_path(self, _: Progress) -> str | None:
        """Copy the machine's own; a copy, because the jail of the compiler shows it only this folder."""
        found = shutil.which("arduino-cli")
        if found is None:
            return "none on the PATH"
        version = version_of(found)
        if version is None or version < MINIMUM:
            return f"the one on the PATH is {as_text(version) if version else 'broken'}"
        debian_packages.copy_program(Path(found).resolve(), self.paths.arduino_cli)
        return None

    def _from_release(self, progress: Progress) -> str | None:
        try:
            install_release(self.paths.arduino_cli, progress)
        except ReleaseUnavailable as error:
            progress(f"official release {VERSION}: {error}")
            return str(error)
        return None

    def _from_debian(self, progress: Progress) -> str | None:
        source = debian_packages.newest_source() if debian_packages.is_available() else None
        if source is None:
            return "no Debian or Ubuntu mirror"
        target = self.paths.arduino_cli
        try:
            debian_packages.install_program(
                "arduino-cli", "arduino-cli", source, self.paths, target=target, progress=progress
            )
        except CommandFailed as error:
            return str(error)
        return None
