"""Sketches: which names, counts and sizes of files are allowed.

Names are an allow-list: a file of a sketch can change the settings of the compiler (`sketch.yaml`,
`build_opt.h`, `partitions.csv`), so only plain sources pass.
"""

import re
from collections import Counter
from collections.abc import Container, Mapping
from enum import StrEnum
from typing import NewType

from app.kernel.errors import Invalid, LimitExceeded

SketchId = NewType("SketchId", str)

MAX_FILES = 32
MAX_FILE_BYTES = 256 * 1024
MAX_SKETCH_BYTES = 1024 * 1024
MAX_NAME_CHARS = 48
MAX_PATH_DEPTH = 4
MAX_SKETCHES = 200
"""Sketches of one account."""

MAX_REVISIONS = 500
"""The newest revisions of a sketch that are kept."""

_SKETCH_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,47}")
_FILE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,47}")
_EXTENSIONS = frozenset({".ino", ".h", ".hh", ".hpp", ".c", ".cpp", ".cc", ".cxx", ".s", ".txt", ".md"})
# Names with a meaning to arduino-cli or to a core: they change how or what is compiled.
_RESERVED_FILE_NAMES = frozenset(
    {
        "sketch.yaml",
        "sketch.yml",
        "sketch.json",
        "library.properties",
        "platform.txt",
        "platform.local.txt",
        "boards.txt",
        "boards.local.txt",
        "programmers.txt",
        "build_opt.h",
        "file_opts.h",
        "partitions.csv",
        "bootloader.bin",
    }
)
# Windows takes these for devices, whatever the ending; a downloaded sketch could not be unpacked there.
_DEVICE_NAMES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)


def parse_sketch_name(text: str) -> str:
    """Accept a sketch name.

    Raises:
        Invalid: not 1 to 48 letters, digits, `_` and `-`, starting with a letter, a digit or `_`.
    """
    if not _SKETCH_NAME.fullmatch(text):
        raise Invalid(
            "bad_sketch_name",
            f"A sketch name has 1 to {MAX_NAME_CHARS} letters, digits, “_” and “-”, "
            "and does not start with “-”.",
            {"name": text[:100]},
        )
    if text.lower() in _DEVICE_NAMES:
        raise Invalid(
            "bad_sketch_name", f"“{text}” is a reserved name on Windows. Choose another.", {"name": text}
        )
    return text


def sketch_name_from(text: str) -> str:
    """A valid sketch name as close as possible to a given file name."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", text).lstrip("-")[:MAX_NAME_CHARS]
    return f"{name}_sketch" if name.lower() in _DEVICE_NAMES else name or "sketch"


def free_name(name: str, taken: Container[str]) -> str:
    """`name`, or else the first of `name-2`, `name-3`, … that is not taken."""
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        ending = f"-{number}"
        candidate = name[: MAX_NAME_CHARS - len(ending)] + ending
    return candidate


def check_file_name(path: str) -> str:
    """Accept the path of a file inside a sketch.

    Raises:
        Invalid: the name is not on the allow-list; `details` hold the file's name and why.
    """
    why = _name_error(path)
    if why:
        raise Invalid(
            "bad_file_name",
            f"“{path[:100]}” cannot be part of a sketch: {why}.",
            {"file": path[:200], "why": why},
        )
    return path


def _name_error(path: str) -> str:
    parts = path.split("/")
    name = parts[-1]
    suffix = name[name.rfind(".") :] if "." in name else ""
    if name.lower() in _RESERVED_FILE_NAMES:
        return "this file would change compiler settings"
    if len(parts) > MAX_PATH_DEPTH:
        return f"folders can be nested at most {MAX_PATH_DEPTH - 1} deep"
    if not all(_FILE_PART.fullmatch(part) for part in parts):
        return f"names have 1 to {MAX_NAME_CHARS} letters, digits, “.”, “_”, “-” and start with no “.” or “-”"
    if any(part.endswith(".") or part.split(".")[0].lower() in _DEVICE_NAMES for part in parts):
        return "this name is reserved on Windows"
    if len(parts) > 1 and parts[0] != "src":
        return "folders are allowed below “src” only"
    if suffix.lower() not in _EXTENSIONS:
        return "only Arduino sources (.ino .h .hpp .c .cpp .S …), .txt and .md files are allowed"
    return ""


def check_files(sketch_name: str, files: Mapping[str, bytes]) -> None:
    """Accept the files of a sketch as a whole.

    Raises:
        Invalid: a bad name, names that differ only in case, a file that is not UTF-8 text, or no main file.
        LimitExceeded: too many files, or a file or the sketch is too large.
    """
    if len(files) > MAX_FILES:
        raise LimitExceeded(
            "too_many_files", f"A sketch has at most {MAX_FILES} files.", {"files": len(files)}
        )
    seen: set[str] = set()
    for path, content in files.items():
        check_file_name(path)
        _check_content(path, content)
        if path.lower() in seen:
            raise Invalid(
                "same_file_name",
                f"“{path}” exists twice (upper and lower case count as the same).",
                {"file": path},
            )
        seen.add(path.lower())
    _check_folders(seen)
    if sum(map(len, files.values())) > MAX_SKETCH_BYTES:
        raise LimitExceeded(
            "sketch_too_big", f"A sketch has at most {MAX_SKETCH_BYTES // 1024} KiB in total."
        )
    main = main_file(sketch_name)
    if main not in files:
        raise Invalid("no_main_file", f"The sketch needs its main file “{main}”.", {"file": main})


def _check_folders(paths: set[str]) -> None:
    """Refuse a file that has the name of a folder; `paths` are in lower case."""
    for path in sorted(paths):
        folder = path.rpartition("/")[0]
        while folder:
            if folder in paths:
                raise Invalid(
                    "same_file_name", f"“{folder}” cannot be a file and a folder at once.", {"file": folder}
                )
            folder = folder.rpartition("/")[0]


def _check_content(path: str, content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise LimitExceeded(
            "file_too_big",
            f"“{path}” is larger than {MAX_FILE_BYTES // 1024} KiB.",
            {"file": path, "size_bytes": len(content)},
        )
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("not_text", f"“{path}” is not UTF-8 text.", {"file": path}) from None
    if b"\0" in content:
        raise Invalid("not_text", f"“{path}” contains a zero byte, so it is not text.", {"file": path})


def main_file(sketch_name: str) -> str:
    """The main file of a sketch: the `.ino` of the same name (Arduino sketch specification)."""
    return f"{sketch_name}.ino"


def renamed(files: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """The files of a sketch under its new name: the main file goes along.

    Raises:
        Invalid: another file has the main file's new name already.
    """
    source, target = main_file(old), main_file(new)
    if any(path.lower() == target.lower() for path in files if path != source):
        raise Invalid("same_file_name", f"The sketch already has a file “{target}”.", {"file": target})
    return {target if path == source else path: content for path, content in files.items()}


class FileChange(StrEnum):
    """What a save did to a file."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


def file_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, FileChange]:
    """The differences between two states of a sketch, by path; unchanged files are omitted."""
    added = dict.fromkeys(after.keys() - before.keys(), FileChange.ADDED)
    removed = dict.fromkeys(before.keys() - after.keys(), FileChange.REMOVED)
    both = before.keys() & after.keys()
    changed = {path: FileChange.CHANGED for path in both if before[path] != after[path]}
    return dict(sorted({**added, **removed, **changed}.items()))


NEW_SKETCH = """\
void setup() {
}

void loop() {
}
"""


def changed_lines(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> int:
    """How many lines differ between two states of a sketch; a line that only moved does not count.

    A line that was changed counts once. The cost grows with the size of the files only, whatever is in them.
    """
    return sum(
        _changed_lines(before.get(path, b""), after.get(path, b"")) for path in before.keys() | after.keys()
    )


def _changed_lines(before: bytes, after: bytes) -> int:
    old, new = Counter(before.splitlines()), Counter(after.splitlines())
    return max((old - new).total(), (new - old).total())
