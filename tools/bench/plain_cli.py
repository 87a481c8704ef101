"""The baseline of builds: plain arduino-cli on the same toolchain, without server, queue and jail."""

import os
import shlex
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from app.toolchain.rules import VIRTUAL_FQBN
from compiler_worker.compile.workspace import AGENT_FILE
from tools.setup.paths import Paths
from tools.trial.server import ROOT

# What the server adds to every sketch, so that both compile the same.
AGENT = {AGENT_FILE: "#include <AirsketchBot.h>\n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BareCommands:
    """The compiler calls that an edit cannot do without.

    Attributes:
        source: the generated file that they compile.
        commands: compile, link, and make the image, as arduino-cli printed them.
    """

    source: Path
    commands: tuple[tuple[str, ...], ...]


class PlainCli:
    """A person's own arduino-cli with a warm build folder of its own.

    Args:
        folder: for sketches, caches and results.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths = Paths.from_env()
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, source: str, extra: dict[str, str]) -> Path:
        """Write a sketch; its folder.

        Args:
            extra: further files that the server adds to every sketch.
        """
        sketch = self._folder / "sketches" / name
        sketch.mkdir(parents=True, exist_ok=True)
        for path, text in {f"{name}.ino": source, **extra}.items():
            target = sketch / path
            if not target.exists() or target.read_text() != text:
                target.write_text(text)
        return sketch

    def compile(self, sketch: Path) -> float:
        """Compile a sketch and read its .bin; seconds."""
        started = time.perf_counter()
        self._run(self._command(sketch))
        (self._output / f"{sketch.name}.ino.bin").read_bytes()
        return time.perf_counter() - started

    def bare_commands(self, sketch: Path) -> BareCommands:
        """What arduino-cli itself runs for a sketch that was edited since its last compile."""
        output = self._run([*self._command(sketch), "--verbose", "--no-color"])
        lines = output[output.index("Compiling sketch...") :].splitlines()
        calls = [tuple(shlex.split(line)) for line in lines if line.startswith(str(self._root_of_tools))]
        # The last call only prints sizes. Calls of a file that was not edited are not printed.
        source = next(Path(word) for call in calls for word in call if word.endswith(".ino.cpp"))
        return BareCommands(source=source, commands=tuple(calls[:-1]))

    def run_bare(self, bare: BareCommands, old: str, new: str) -> float:
        """Put an edit into the generated file and run the bare commands; seconds."""
        text = bare.source.read_text()
        assert old in text, f"{bare.source} does not hold “{old}”"
        bare.source.write_text(text.replace(old, new))
        started = time.perf_counter()
        for command in bare.commands:
            self._run(list(command))
        return time.perf_counter() - started

    @property
    def _output(self) -> Path:
        return self._folder / "output"

    @property
    def _root_of_tools(self) -> Path:
        """Commands of a platform in the sketchbook begin with the sketchbook's path."""
        return ROOT / "device_sketch"

    def _command(self, sketch: Path) -> list[str]:
        cli = str(self._paths.arduino_cli)
        return [cli, "compile", "--fqbn", VIRTUAL_FQBN, "--output-dir", str(self._output), str(sketch)]

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, env=self._env(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command[:3]}: {done.stdout[-500:]}{done.stderr[-1500:]}"
        return done.stdout

    def _env(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "ARDUINO_DIRECTORIES_DATA": str(self._paths.arduino_data),
            "ARDUINO_DIRECTORIES_DOWNLOADS": str(self._folder / "downloads"),
            "ARDUINO_DIRECTORIES_USER": str(ROOT / "device_sketch"),
            "ARDUINO_BUILD_CACHE_PATH": str(self._folder / "cache"),
            "ARDUINO_BUILD_CACHE_COMPILATIONS_BEFORE_PURGE": "0",
            "ARDUINO_UPDATER_ENABLE_NOTIFICATION": "false",
            "ZIG_GLOBAL_CACHE_DIR": str(self._folder / "zig"),
            "ZIG_LOCAL_CACHE_DIR": str(self._folder / "zig"),
        }
