"""How far a compile is, seen from the programs that run, and what arduino-cli sums up at its end.

`compile --verbose` would print the stages, but doubles the time of a small build (it waits 50 ms at
each program), and `--json` prints nothing until the end. The command lines of the running compilers
reveal the stage at no cost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.builds.rules import SectionSize, Stage

_ORDER = list(Stage)
_TITLES = {
    Stage.DETECTING_LIBRARIES: "Detecting libraries used...",
    Stage.GENERATING_PROTOTYPES: "Generating function prototypes...",
    Stage.COMPILING_SKETCH: "Compiling sketch...",
    Stage.COMPILING_LIBRARIES: "Compiling libraries...",
    Stage.COMPILING_CORE: "Compiling core...",
    Stage.LINKING: "Linking everything together...",
}
# arduino-cli's build path, and the part of it that a compiler writes to.
_BUILD_PATH = re.compile(r"/sketches/[0-9A-F]{32}/(?:(?P<part>sketch|libraries|core)/|[^/ ]+\.elf\b)")
_STAGE_OF_PART = {
    "sketch": Stage.COMPILING_SKETCH,
    "libraries": Stage.COMPILING_LIBRARIES,
    "core": Stage.COMPILING_CORE,
    None: Stage.LINKING,
}
_SIZES = (
    ("text", re.compile(r"Sketch uses (\d+) bytes .*Maximum is (\d+) bytes\.")),
    ("data", re.compile(r"Global variables use (\d+) bytes .*Maximum is (\d+) bytes\.")),
)


def stage_of(command: Sequence[str]) -> Stage | None:
    """The stage that a running program of the toolchain belongs to; None if unknown."""
    line = " ".join(command)
    if "sketch_merged.cpp" in line:
        return Stage.GENERATING_PROTOTYPES
    found = list(_BUILD_PATH.finditer(line))
    if not found:
        return None
    if "-E" in command:
        return Stage.DETECTING_LIBRARIES
    # A link names objects of all parts, and the image it makes.
    parts = {match["part"] for match in found}
    return Stage.LINKING if None in parts else _STAGE_OF_PART[found[-1]["part"]]


def title_of(stage: Stage) -> str:
    """The line that opens a stage in the log; empty for the stages that are not arduino-cli's."""
    return _TITLES.get(stage, "")


def is_later(stage: Stage, than: Stage) -> bool:
    """Whether a stage comes after another."""
    return _ORDER.index(stage) > _ORDER.index(than)


@dataclass(slots=True, kw_only=True)
class Sizes:
    """The sizes in arduino-cli's last lines."""

    found: dict[str, SectionSize] = field(default_factory=dict)

    def read(self, line: str) -> None:
        """Take one line of stdout."""
        for name, pattern in _SIZES:
            if match := pattern.match(line):
                self.found[name] = SectionSize(name=name, size_bytes=int(match[1]), max_bytes=int(match[2]))
