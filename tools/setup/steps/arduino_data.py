"""What arduino-cli needs beside itself: its indexes and ctags."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.setup import debian_packages
from tools.setup.commands import CommandFailed, Progress, output_of, run_logged
from tools.setup.errors import SetupError, log_hint
from tools.setup.network import is_reachable
from tools.setup.steps.step import Step

# The version arduino-cli asks for by name; any folder name is accepted.
_CTAGS_VERSION = "5.8-arduino11"
_INDEX_HOST = "downloads.arduino.cc"
# Without these files every call of arduino-cli tries the network.
# arduino-cli writes this at its first call and fails where it cannot: inside the jail, all is read-only.
_INVENTORY = "inventory.yaml"
_EMPTY_INDEXES = {"package_index.json": '{"packages": []}', "library_index.json": '{"libraries": []}'}


def ctags_of(data: Path) -> Path | None:
    """The ctags in arduino-cli's data folder, if there is one that runs."""
    found = sorted(data.glob("packages/builtin/tools/ctags/*/ctags"))
    working = [path for path in found if output_of([path, "--version"]) is not None]
    return working[-1] if working else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArduinoData(Step):
    """Gets ctags from the machine, from Arduino, or from Debian; writes empty indexes when offline."""

    @property
    def name(self) -> str:
        """What the step provides."""
        return "Arduino indexes and ctags"

    def is_done(self) -> bool:
        """Whether ctags runs and the files exist."""
        files = all((self.paths.arduino_data / name).is_file() for name in (*_EMPTY_INDEXES, _INVENTORY))
        return files and ctags_of(self.paths.arduino_data) is not None

    def do(self, progress: Progress) -> None:
        """Fill arduino-cli's data folder."""
        data = self.paths.arduino_data
        data.mkdir(parents=True, exist_ok=True)
        for way in (self._from_path, self._from_arduino, self._from_debian):
            if ctags_of(data) is not None:
                break
            way(progress)
        for name, text in _EMPTY_INDEXES.items():
            if not (data / name).exists():
                (data / name).write_text(text, encoding="utf-8")
        if ctags_of(data) is None:
            raise SetupError(
                "ctags, without which arduino-cli compiles nothing, is missing.",
                "Connect to the internet and try again, or install arduino-ctags (Debian, Ubuntu: with apt).",
            )
        self._call_once(progress)

    def _from_path(self, _: Progress) -> None:
        found = shutil.which("arduino-ctags")
        if found:
            debian_packages.copy_program(Path(found).resolve(), self._ctags)

    def _from_arduino(self, progress: Progress) -> None:
        """Let arduino-cli fetch its index and, with it, its built-in tools."""
        if not is_reachable(_INDEX_HOST):
            return
        progress("fetching Arduino's index and tools")
        for words in (["core", "update-index"], ["core", "list"]):
            try:
                self._arduino_cli(words, progress)
            except CommandFailed as error:
                progress(f"Arduino's index: {error}")
                return

    def _call_once(self, progress: Progress) -> None:
        """Let arduino-cli write what it writes at its first call."""
        try:
            self._arduino_cli(["version"], progress)
        except CommandFailed as error:
            raise SetupError(
                f"arduino-cli does not start: {error}", log_hint(self.paths.setup_log)
            ) from error

    def _arduino_cli(self, words: list[str], progress: Progress) -> None:
        env = {
            "ARDUINO_DIRECTORIES_DATA": str(self.paths.arduino_data),
            "ARDUINO_DIRECTORIES_DOWNLOADS": str(self.paths.tools / "arduino" / "downloads"),
            "ARDUINO_DIRECTORIES_USER": str(self.paths.tools / "arduino" / "user"),
        }
        run_logged([self.paths.arduino_cli, *words], log=self.paths.setup_log, progress=progress, env=env)

    def _from_debian(self, progress: Progress) -> None:
        """Take the package of the machine's own release: a newer one may need a newer C library."""
        source = debian_packages.own_source() if debian_packages.is_available() else None
        if source is None:
            return
        try:
            debian_packages.install_program(
                "arduino-ctags", "arduino-ctags", source, self.paths, target=self._ctags, progress=progress
            )
        except CommandFailed as error:
            progress(str(error))

    @property
    def _ctags(self) -> Path:
        return self.paths.arduino_data / "packages" / "builtin" / "tools" / "ctags" / _CTAGS_VERSION / "ctags"
