"""arduino-cli and the compilers: where they are, how they are called, what a call sees.

All paths given to the tool are the sandbox's own; they are the same for every server, so that
nothing of the server shows in messages, maps or debug information.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.toolchain.rules import ESP32_CORE, Fqbn, core_of
from compiler_worker.sandbox.jail import Mount, Sandbox, Scrubber
from compiler_worker.sandbox.process import Limits, Listener, Outcome, Stream, run

_HOME = Path("/airsketch")
_TOOLS = _HOME / ".tools"
_CLI = _TOOLS / "bin" / "arduino-cli"
_DATA = _TOOLS / "arduino" / "data"
_ZIG = _TOOLS / "zig"
_SKETCHBOOK = _HOME / "device_sketch"
_SKETCHES = _HOME / "sketch"
_CACHE = _HOME / "cache"
_CORES = _HOME / "cores"
_OUTPUT = _HOME / "output"
# What the sketch prints passes the agent, which keeps it for the wireless log (Esp32Serial.h of its library).
# Platforms leave this property, which is meant for the flags of libraries, empty.
AGENT_LINK_FLAGS = "-Wl,--wrap=uart_write_bytes"
_LINK_PROPERTY = "compiler.libraries.ldflags"
_AGENT_HEADER = Path("libraries/AirsketchBot/src/AirsketchBot.h")
_QUESTION_LIMIT_S = 60
# What arduino-cli says on every start without the parts for boards at the server's own USB ports.
_INIT_NOISE = "Error initializing instance: "

_ENVIRONMENT = {
    "ARDUINO_DIRECTORIES_DATA": str(_DATA),
    "ARDUINO_DIRECTORIES_DOWNLOADS": "/tmp/downloads",  # noqa: S108 - the sandbox's own
    "ARDUINO_DIRECTORIES_USER": str(_SKETCHBOOK),
    "ARDUINO_BUILD_CACHE_PATH": str(_CACHE),
    "ARDUINO_BUILD_CACHE_EXTRA_PATHS": str(_CORES),
    "ARDUINO_BUILD_CACHE_COMPILATIONS_BEFORE_PURGE": "0",
    "ARDUINO_UPDATER_ENABLE_NOTIFICATION": "false",
    "ZIG_GLOBAL_CACHE_DIR": "/tmp/zig",  # noqa: S108 - the sandbox's own
    "ZIG_LOCAL_CACHE_DIR": "/tmp/zig",  # noqa: S108 - the sandbox's own
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own
    "TMPDIR": "/tmp",  # noqa: S108 - the sandbox's own
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class ToolchainError(RuntimeError):
    """The toolchain is incomplete or broken; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompilePaths:
    """The folders of one compile.

    Attributes:
        sketch: named like the sketch; only read.
        cache: the sketch's own build cache; written.
        cores: compiled cores shared by all; only read.
        output: an empty folder for the results; written.
        has_agent: whether the sketch brings in the agent.
    """

    sketch: Path
    cache: Path
    cores: Path
    output: Path
    has_agent: bool = False

    def mounts(self) -> tuple[Mount, ...]:
        """How the compile sees them."""
        return (
            Mount(source=self.sketch, target=sketch_dir(self.sketch.name)),
            Mount(source=self.cache, target=_CACHE, writable=True),
            Mount(source=self.cores, target=_CORES),
            Mount(source=self.output, target=_OUTPUT, writable=True),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """The tools of this server.

    Attributes:
        tools: made by the set-up: `bin/arduino-cli`, `arduino/data`, `zig`.
        sketchbook: Arduino's `directories.user`: our platforms and libraries.
        sandbox: where compiles run.
        limits: what one compile may use.
        extra: further read-only mounts that a core needs.
    """

    tools: Path
    sketchbook: Path
    sandbox: Sandbox
    limits: Limits = field(default_factory=Limits)
    extra: tuple[Mount, ...] = ()

    @property
    def data(self) -> Path:
        """Arduino's `directories.data`: indexes and installed cores."""
        return self.tools / "arduino" / "data"

    @property
    def has_agent(self) -> bool:
        """Whether the library that every image carries is there."""
        return (self.sketchbook / _AGENT_HEADER).exists()

    def mounts(self) -> tuple[Mount, ...]:
        """What every call sees.

        Raises:
            ToolchainError: a part is missing.
        """
        cli = self.tools / "bin" / "arduino-cli"
        for path in (cli, self.data, self.sketchbook):
            if not path.exists():
                raise ToolchainError(f"“{path.name}” is missing from the toolchain; run `make run` once.")
        found = [
            Mount(source=cli.resolve(), target=_CLI),
            Mount(source=self.data.resolve(), target=_DATA),
            Mount(source=self.sketchbook.resolve(), target=_SKETCHBOOK),
            *_zig_mounts(self.tools / "zig"),
        ]
        return (*found, *self.extra)

    def ask(self, *arguments: str) -> Mapping[str, object]:
        """Put a question to arduino-cli that it answers in JSON.

        Raises:
            ToolchainError: it gave no answer.
        """
        limits = Limits(wall_s=_QUESTION_LIMIT_S)
        outcome = self._call([*arguments, "--json"], self.mounts(), limits)
        try:
            answer = json.loads(outcome.out)
        except ValueError:
            answer = None
        if outcome.rc != 0 or not isinstance(answer, dict):
            output = Scrubber(self.mounts()).rewrite(outcome.err.strip()[-500:])
            raise ToolchainError(f"arduino-cli {arguments[0]} failed ({outcome.end}): {output}")
        return answer

    def _call(self, arguments: Sequence[str], mounts: Sequence[Mount], limits: Limits) -> Outcome:
        with self.sandbox.launch(
            [str(_CLI), *arguments], mounts=mounts, env=_ENVIRONMENT, cwd=_SKETCHBOOK
        ) as launch:
            return run(launch.argv, env=launch.env, cwd=launch.cwd, limits=limits, pass_fds=launch.pass_fds)

    def compile(self, fqbn: Fqbn, paths: CompilePaths, listener: Listener) -> Outcome:
        """Compile a sketch; `listener` gets lines without paths of this server.

        Raises:
            ToolchainError: a part of the toolchain is missing.
        """
        mounts = (*self.mounts(), *paths.mounts())
        scrubber = Scrubber(mounts)

        def tell(stream: Stream, line: str) -> None:
            if not line.startswith(_INIT_NOISE):
                listener.on_line(stream, scrubber.rewrite(line))

        command = compile_command(fqbn, paths.sketch.name, with_agent=paths.has_agent)
        cwd = sketch_dir(paths.sketch.name)
        with self.sandbox.launch(command, mounts=mounts, env=_ENVIRONMENT, cwd=cwd) as launch:
            return run(
                launch.argv,
                env=launch.env,
                cwd=launch.cwd,
                limits=self.limits,
                listener=replace(listener, on_line=tell),
                folders=(paths.cache, paths.output),
                pass_fds=launch.pass_fds,
            )


def sketch_dir(name: str) -> Path:
    """The folder of a sketch as the compiler names it."""
    return _SKETCHES / name


def compile_command(fqbn: Fqbn, sketch_name: str, *, with_agent: bool) -> list[str]:
    """The command that compiles one sketch; `--build-path` would switch the cache of compiled cores off."""
    options = ["--no-color", "--warnings", "default", "--fqbn", fqbn, "--output-dir", str(_OUTPUT)]
    if with_agent and core_of(fqbn) == ESP32_CORE:
        options += ["--build-property", f"{_LINK_PROPERTY}={AGENT_LINK_FLAGS}"]
    return [str(_CLI), "compile", *options, str(sketch_dir(sketch_name))]


def _zig_mounts(zig: Path) -> list[Mount]:
    """The folder of the virtual board's compiler, and zig itself at the place its link points to."""
    if not zig.exists():
        return []
    mounts = [Mount(source=zig.resolve(), target=_ZIG)]
    link = zig / "zig-g++"
    if link.is_symlink():
        shown = Path(os.path.normpath(_ZIG / link.readlink()))
        mounts.append(Mount(source=link.resolve().parent, target=shown.parent))
    return mounts
