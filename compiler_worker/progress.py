"""What arduino-cli's own lines on stdout tell: the stage, the sizes, the libraries, the core.

Everything is read from `compile -v`: with `--json` nothing is printed until the end, so a page could
show no progress. The compiler's messages come on stderr (`diagnostics`).
"""

import re
from dataclasses import dataclass, field

from app.domain.builds import LibraryUse, SectionSize, Stage

_STAGES = {
    "Detecting libraries used...": Stage.DETECTING_LIBRARIES,
    "Generating function prototypes...": Stage.GENERATING_PROTOTYPES,
    "Compiling sketch...": Stage.COMPILING_SKETCH,
    "Compiling libraries...": Stage.COMPILING_LIBRARIES,
    "Compiling core...": Stage.COMPILING_CORE,
    "Linking everything together...": Stage.LINKING,
}
_SIZES = (
    ("text", re.compile(r"Sketch uses (\d+) bytes .*Maximum is (\d+) bytes\.")),
    ("data", re.compile(r"Global variables use (\d+) bytes .*Maximum is (\d+) bytes\.")),
)
_LIBRARY = re.compile(r"Using library (.+?)(?: at version (\S+))? in folder: .*")
_CORE = re.compile(r"[\w.-]+:[\w.-]+ +(\d[\w.+-]*) +/\S+")
# The lines of stdout that mean something; all others are command lines and preprocessed source.
LINES = re.compile(
    rb"^(?:(?:Detecting|Generating|Compiling|Linking) [ a-z]+\.\.\."
    rb"|(?:Sketch uses|Global variables use|Using library|Using previously compiled file:) [^\n]*"
    rb"|[\w.-]+:[\w.-]+ +\d[\w.+-]* +/\S+)$",
    re.MULTILINE,
)


def stage_of(line: str) -> Stage | None:
    """The stage that a line of stdout opens."""
    return _STAGES.get(line)


def is_for_people(line: str) -> bool:
    """Whether a line of stdout belongs into the build's log."""
    return line in _STAGES or line.startswith(("Sketch uses ", "Global variables use "))


@dataclass(slots=True, kw_only=True)
class Summary:
    """What the lines of one compile have told so far."""

    sizes: dict[str, SectionSize] = field(default_factory=dict)
    libraries: dict[str, LibraryUse] = field(default_factory=dict)
    core_version: str = ""

    def read(self, line: str) -> None:
        """Take one line of stdout; a later line of a kind replaces an earlier one."""
        for name, pattern in _SIZES:
            if match := pattern.match(line):
                self.sizes[name] = SectionSize(name=name, size_bytes=int(match[1]), max_bytes=int(match[2]))
        if match := _LIBRARY.match(line):
            self.libraries[match[1]] = LibraryUse(name=match[1], version=match[2] or "")
        elif match := _CORE.fullmatch(line):
            self.core_version = match[1]
