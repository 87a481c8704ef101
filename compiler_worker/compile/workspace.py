"""The throw-away copy of a snapshot, named as arduino-cli demands, with the agent added."""

import os
import stat
from pathlib import Path

from app.kernel.errors import Invalid
from app.sketches.rules import MAX_FILE_BYTES, MAX_FILES, check_file_name, main_file, parse_sketch_name

# “+” cannot occur in a user's file name, so this file never hides one of theirs.
AGENT_FILE = "airsketch+agent.cpp"
_AGENT_SOURCE = """\
// Makes every image updatable, whatever the sketch does.
#include <AirsketchBot.h>
"""


def prepare(snapshot: Path, sketch_name: str, parent: Path, *, with_agent: bool) -> Path:
    """Copy a snapshot to `parent/<sketch_name>` and add the file that brings in the agent.

    The names were checked when the sketch was saved. They are checked again here, because a file such as
    `sketch.yaml` steers arduino-cli itself.

    Raises:
        Invalid: a name that is not allowed, a link, too many or too large files, or no main file.
    """
    folder = parent / parse_sketch_name(sketch_name)
    folder.mkdir()
    paths = _files_of(snapshot)
    if main_file(sketch_name) not in paths:
        raise Invalid("no_main_file", f"The snapshot lacks its main file “{main_file(sketch_name)}”.")
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_read(snapshot / path))
    if with_agent:
        (folder / AGENT_FILE).write_text(_AGENT_SOURCE, encoding="ascii")
    return folder


def _files_of(snapshot: Path) -> list[str]:
    found: list[str] = []
    for folder, _, names in os.walk(snapshot, onerror=_raise):
        for name in names:
            found.append(check_file_name(str((Path(folder) / name).relative_to(snapshot))))
    if len(found) > MAX_FILES:
        raise Invalid("too_many_files", f"The snapshot has more than {MAX_FILES} files.")
    return found


def _raise(error: OSError) -> None:
    raise error


def _read(path: Path) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        facts = os.fstat(fd)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > MAX_FILE_BYTES:
            raise Invalid("bad_file", f"“{path.name}” is no ordinary file of at most {MAX_FILE_BYTES} bytes.")
        return file.read()
