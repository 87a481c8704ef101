"""The libraries that went into a firmware, from arduino-cli's cache.

The cache file was writable for a hostile compile, so it only chooses among the libraries that are
really installed; names and versions are read from those.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from app.builds.rules import LibraryUse
from app.kernel.errors import Invalid
from compiler_worker.compile.artifacts import read_file
from compiler_worker.sandbox.jail import Mount

_CACHE_FILE = "libraries.cache"
_MAX_CACHE_BYTES = 256 * 1024
_PROPERTIES = "library.properties"


def used_libraries(cache: Path, mounts: Iterable[Mount]) -> tuple[LibraryUse, ...]:
    """The libraries of the sketch whose build cache this is, in the order in which they were found.

    Args:
        mounts: how the compile saw this machine.
    """
    places = tuple(mounts)
    found: dict[str, LibraryUse] = {}
    for file in sorted(cache.glob(f"sketches/*/{_CACHE_FILE}")):
        for shown in _include_folders(file):
            library = _library_at(shown, places)
            if library:
                found[library.name] = library
    return tuple(found.values())


def _include_folders(file: Path) -> list[Path]:
    try:
        folders = json.loads(read_file(file, max_bytes=_MAX_CACHE_BYTES))
    except (OSError, ValueError, RecursionError, Invalid):
        return []
    return (
        [Path(folder) for folder in folders if isinstance(folder, str)] if isinstance(folders, list) else []
    )


def _library_at(shown: Path, mounts: tuple[Mount, ...]) -> LibraryUse | None:
    """The library with this include folder; None for folders of the core, and for made-up ones."""
    if ".." in shown.parts:
        return None
    for mount in mounts:
        for base in (mount.target, mount.source):
            if not mount.writable and shown.is_relative_to(base):
                return _read_properties(mount.source / shown.relative_to(base))
    return None


def _read_properties(include: Path) -> LibraryUse | None:
    for folder in (include, include.parent):
        try:
            lines = (folder / _PROPERTIES).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        facts = dict(line.partition("=")[::2] for line in lines if "=" in line)
        return LibraryUse(name=facts.get("name", folder.name), version=facts.get("version", ""))
    return None
