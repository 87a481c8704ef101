"""Sketches as files from and for elsewhere: `.ino` and `.zip`.

An archive is hostile until shown otherwise: nothing is unpacked to disk, every size is counted
while reading whatever the archive claims, and a refused file is named with the reason.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.kernel.errors import Invalid, LimitExceeded
from app.sketches.rules import (
    MAX_FILE_BYTES,
    MAX_FILES,
    main_file,
    parse_sketch_name,
    sketch_name_from,
)
from app.sketches.sources import Sources

MAX_UPLOAD_BYTES = 2 * 1024 * 1024
MAX_ENTRIES = 500
"""Entries of an archive, folders and ignored files included."""

_ENCRYPTED_FLAG = 0x1  # APPNOTE.TXT 4.4.4, bit 0
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What file managers add by themselves; nobody put it there on purpose.
_JUNK_FOLDER = "__MACOSX"
_JUNK_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A sketch that was read from an uploaded file.

    Attributes:
        notices: sentences for people: what was ignored or renamed.
    """

    sources: Sources
    notices: tuple[str, ...]


def read_upload(filename: str, data: bytes) -> Upload:
    """Read an uploaded `.ino` or `.zip`.

    Args:
        filename: as the browser gave it; only its last part counts.
    Raises:
        Invalid: neither ending, a damaged archive, or a file that is not allowed; `details` name it.
        LimitExceeded: too large or too many files.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise LimitExceeded("upload_too_big", f"An upload has at most {MAX_UPLOAD_BYTES // 1024} KiB.")
    base = filename.replace("\\", "/").rpartition("/")[2]
    lower = base.lower()
    if lower.endswith(".ino"):
        return _sketch({base: data}, folder=base[:-4], notices=[])
    if lower.endswith(".zip"):
        return _read_zip(base[:-4], data)
    raise Invalid("bad_upload", f"“{base[:100]}” is neither an .ino nor a .zip file.", {"file": base[:200]})


def write_zip(name: str, files: Mapping[str, bytes], saved_at: datetime) -> bytes:
    """A sketch as a `.zip` with one folder, as the Arduino IDE expects it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{name}/{path}", saved_at.timetuple()[:6])
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[path], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _read_zip(stem: str, data: bytes) -> Upload:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries, notices = _entries(archive.infolist())
            files = {entry.filename: _read_entry(archive, entry) for entry in entries}
    except _DAMAGED as error:
        raise _refuse_archive() from error
    folder, files = _strip_top_folder(files)
    return _sketch(files, folder=folder or stem, notices=notices)


def _entries(infos: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], list[str]]:
    """The files to read, every one checked by its header; and notices about skipped ones."""
    if len(infos) > MAX_ENTRIES:
        raise LimitExceeded("too_many_files", f"An archive has at most {MAX_ENTRIES} entries.")
    wanted, notices, seen = [], [], set()
    for info in infos:
        _check_header(info)
        if _is_junk(info.filename):
            notices.append(f"“{info.filename[:100]}” was skipped: file managers add it.")
        elif not info.is_dir():
            if info.filename in seen:
                raise _refuse(info.filename, "the archive contains it twice")
            seen.add(info.filename)
            wanted.append(info)
    if len(wanted) > MAX_FILES:
        raise LimitExceeded(
            "too_many_files", f"A sketch has at most {MAX_FILES} files.", {"files": len(wanted)}
        )
    return wanted, notices


def _check_header(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if not name:
        raise _refuse(name, "it has no name")
    if "\0" in name or "\\" in name or ":" in name:
        raise _refuse(name, "the name contains a character that is not allowed")
    if name.startswith("/") or ".." in name.split("/"):
        raise _refuse(name, "the path leads outside the sketch")
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _refuse(name, "it is a link or a special file")
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise _refuse(name, "it is encrypted; create the archive without a password")
    if info.compress_type not in _METHODS:
        raise _refuse(name, "it is compressed by a method other than “deflate”")


def _is_junk(name: str) -> bool:
    parts = name.split("/")
    last = parts[-1].lower()
    return parts[0] == _JUNK_FOLDER or last in _JUNK_NAMES or last.startswith("._")


def _read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One file, read no further than its limit, whatever size the archive claims for it."""
    try:
        with archive.open(info) as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except _DAMAGED as error:
        raise _refuse(info.filename, "it is damaged") from error
    if len(content) > MAX_FILE_BYTES:
        raise LimitExceeded(
            "file_too_big",
            f"“{info.filename[:100]}” is larger than {MAX_FILE_BYTES // 1024} KiB.",
            {"file": info.filename[:200]},
        )
    return content


def _strip_top_folder(files: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """Take away the one folder around a sketch, if there is one; its name, and the files."""
    tops = {path.partition("/")[0] for path in files}
    top = tops.pop() if len(tops) == 1 else ""
    inner = {path.partition("/")[2]: content for path, content in files.items()}
    if not any(_is_ino(path) for path in inner):
        return "", files
    return top, inner


def _is_ino(path: str) -> bool:
    return "/" not in path and path.lower().endswith(".ino")


def _sketch(files: dict[str, bytes], *, folder: str, notices: list[str]) -> Upload:
    """Find the main file, name the sketch after it, and check the whole."""
    main = _find_main(files, folder)
    name = parse_sketch_name(sketch_name_from(main[: -len(".ino")]))
    if main != main_file(name):
        notices = [*notices, f"“{main[:100]}” is now called “{main_file(name)}”."]
    named = {main_file(name) if path == main else path: content for path, content in files.items()}
    if len(named) < len(files):
        raise _refuse(main, f"there is a “{main_file(name)}” as well")
    return Upload(sources=Sources(sketch_name=name, files=named), notices=tuple(notices))


def _find_main(files: Iterable[str], folder: str) -> str:
    candidates = [path for path in files if _is_ino(path)]
    if len(candidates) == 1:
        return candidates[0]
    for path in candidates:
        if path == main_file(folder):
            return path
    why = (
        "has no .ino file" if not candidates else "has several .ino files, and none is named like its folder"
    )
    raise Invalid("no_main_file", f"The archive {why}, so its main file is unknown.")


def _refuse(name: str, why: str) -> Invalid:
    return Invalid(
        "bad_file_in_archive",
        f"“{name[:100]}” cannot be taken from the archive: {why}.",
        {"file": name[:200], "why": why},
    )


def _refuse_archive() -> Invalid:
    return Invalid("bad_archive", "This is not a .zip archive, or it is damaged.")
