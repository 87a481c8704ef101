"""Messages of compilers and linkers as values, with paths inside the sketch and no path of the server."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.builds.rules import Diagnostic, Severity

MAX_DIAGNOSTICS = 100
_MAX_MESSAGE_CHARS = 500
# A sketch chooses what compilers print: each pattern must need time in proportion to the line.
# arduino-cli copies the sketch to `<build path>/sketch`; messages name the copy or the original.
_COPY = re.compile(r"/sketches/[0-9A-F]{32}/sketch/")
_LOCATED = re.compile(
    r"(?P<file>[^\s:][^:]*):(?P<line>\d+):(?:(?P<column>\d+):)?\s+"
    r"(?P<severity>fatal error|error|warning|note): (?P<message>.*)"
)
_INCLUDED_FROM = re.compile(r"(?:In file included|\s+) from (?P<file>[^:]+):(?P<line>\d+)[:,].*")
_REQUIRED_FROM = re.compile(r"(?P<file>[^\s:][^:]*):(?P<line>\d+):(?:\d+:)?\s+required from .*")
_UNDEFINED = re.compile(r"(?P<where>.*?)undefined (?:symbol: |reference to [`'])(?P<symbol>.+?)'?$")
_DUPLICATE = re.compile(
    r"(?>(?P<where>.*?)(?:duplicate symbol: |multiple definition of [`']))(?P<symbol>[^;']++)'?"
    r"(?:; (?P<other>.*) first defined here)?"
)
_LINKER_ERROR = re.compile(r"(?:\S*[/-])?ld(?:\.lld)?: (?:error: )?(?P<message>.+)")
_OVERFLOW = re.compile(
    r"region [`'][^`']+' overflowed by \d+ bytes|will not fit in region|(?:initial|maximum) memory too small"
    r"|exceeds available space in board|Sketch too big"
)
_LINKER_NOISE = re.compile(r"warning: |: in function [`']|first defined here|ld returned \d+ exit status")
_SOURCE_LINE = re.compile(r"(?<![^\s:])(?P<file>[^\s:]+\.(?:ino|cpp|cc|cxx|c|h|hpp|S)):(?P<line>\d+): ?$")
_NAME = re.compile(r"(?P<name>[^\s:(]++)(?P<section>:\(\.)?")
_OBJECT_ENDING = re.compile(r"(?<=.)\.o\b")
_DEFINED_IN = re.compile(r">>> defined in (?P<where>\S+)")
_SEVERITIES = {
    "fatal error": Severity.ERROR,
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "note": Severity.NOTE,
}


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    line: int


class DiagnosticReader:
    """Reads the lines of stderr, one after the other.

    Args:
        sketch_dir: folder of the sketch as the compiler names it.
    """

    def __init__(self, sketch_dir: str) -> None:
        self._prefix = f"{sketch_dir}/"
        self._found: list[Diagnostic] = []
        self._seen: set[Diagnostic] = set()
        self._via: _Place | None = None
        self.link_failed = False
        self.too_big = False

    def read(self, line: str) -> None:
        """Take one line."""
        readers: tuple[Callable[[str], bool], ...] = (self._read_chain, self._read_located, self._read_linker)
        any(reader(line) for reader in readers)

    def result(self) -> tuple[Diagnostic, ...]:
        """The messages, errors first where there are more than may be kept, else in their order."""
        if len(self._found) <= MAX_DIAGNOSTICS:
            return tuple(self._found)
        errors = [found for found in self._found if found.severity is Severity.ERROR]
        others = [found for found in self._found if found.severity is not Severity.ERROR]
        return tuple((errors + others)[:MAX_DIAGNOSTICS])

    def file_in_sketch(self, path: str) -> str:
        """The path inside the sketch; empty for a file of a library, the core or the system."""
        copy = _COPY.search(path)
        if path.startswith(self._prefix):
            inside = path.removeprefix(self._prefix)
        elif copy:
            inside = path[copy.end() :]
        else:
            return ""
        inside = re.sub(r"\.ino\.cpp(\.merged)?$", ".ino", inside)
        return "" if "+" in inside or ".." in inside.split("/") else inside

    def _read_chain(self, line: str) -> bool:
        """Remember through which line of the sketch the compiler came to a file outside of it."""
        match = _INCLUDED_FROM.fullmatch(line) or _REQUIRED_FROM.fullmatch(line)
        if not match:
            return False
        if line.startswith("In file included"):
            self._via = None
        file = self.file_in_sketch(match["file"])
        if file:
            self._via = _Place(file, int(match["line"]))
        return True

    def _read_located(self, line: str) -> bool:
        match = _LOCATED.fullmatch(line)
        if not match:
            return False
        severity = _SEVERITIES[match["severity"]]
        place = _Place(self.file_in_sketch(match["file"]), int(match["line"]))
        column = int(match["column"] or 0)
        message = match["message"]
        if not place.file:
            # A warning about a library is not the sketch's to mend; the log has it.
            if severity is not Severity.ERROR:
                return True
            message = f"{message} (in {match['file'].rsplit('/', 1)[-1]}, line {match['line']})"
            place, column = self._via or _Place("", 0), 0
        elif severity is Severity.NOTE:
            self._place_last(place)
        self._via = None if severity is not Severity.NOTE else self._via
        self._add(severity, place, column, message)
        return True

    def _place_last(self, place: _Place) -> None:
        """A note inside the sketch tells where an error outside of it was caused."""
        if self._found and not self._found[-1].file and self._found[-1].severity is Severity.ERROR:
            self._found[-1] = replace(self._found[-1], file=place.file, line=place.line)

    def _read_linker(self, line: str) -> bool:
        if _OVERFLOW.search(line):
            self.too_big = True
            return True
        if match := _DEFINED_IN.fullmatch(line):
            self._place_last(self._place_of(match["where"]))
            return True
        if match := _UNDEFINED.fullmatch(line):
            place = self._place_of(match["where"])
            self._add_link_error(place, f"“{match['symbol']}” is used but not defined anywhere.")
            return True
        if match := _DUPLICATE.fullmatch(line):
            place = self._place_of(match["where"])
            place = place if place.file else self._place_of(match["other"] or "")
            self._add_link_error(place, f"“{match['symbol']}” is defined more than once.")
            return True
        match = _LINKER_ERROR.fullmatch(line)
        if match and not _LINKER_NOISE.search(match["message"]):
            self._add_link_error(_Place("", 0), re.sub(r"/\S*/", "", match["message"]))
        return bool(match)

    def _add_link_error(self, place: _Place, message: str) -> None:
        self.link_failed = True
        self._add(Severity.ERROR, place, 0, message)

    def _place_of(self, where: str) -> _Place:
        """The place that a linker names, by a source line or by an object file."""
        if source := _SOURCE_LINE.search(where):
            return _Place(self.file_in_sketch(source["file"]), int(source["line"]))
        return _Place(self.file_in_sketch(_compiled_file(where)), 0)

    def _add(self, severity: Severity, place: _Place, column: int, message: str) -> None:
        found = Diagnostic(
            severity=severity,
            file=place.file,
            line=place.line if place.file else 0,
            column=column if place.file else 0,
            message=message[:_MAX_MESSAGE_CHARS],
        )
        # One inline function in a header is complained about once per file that includes it.
        if found not in self._seen:
            self._seen.add(found)
            self._found.append(found)


def _compiled_file(where: str) -> str:
    """The last object file or section that a linker names, without `.o`; empty if there is none."""
    found = ""
    for match in _NAME.finditer(where):
        if ending := _OBJECT_ENDING.search(match["name"]):
            found = match["name"][: ending.start()]
        elif match["section"]:
            found = match["name"]
    return found
