"""Sources of sketches on the local disk: `<root>/<sketch_id>/<digest>.zip`, one file a revision."""

import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from app.kernel.errors import NotFound, Unavailable
from app.sketches.rules import SketchId
from app.sketches.sources import Sources

_ID = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class SketchStore(Protocol):
    """Sources of sketches, by sketch and digest. What is stored never changes."""

    def put(self, sketch_id: SketchId, sources: Sources) -> None:
        """Store sources under their digest, whole or not at all; storing the same again is harmless.

        Raises:
            Unavailable: the disk is full or read-only.
        """
        ...

    def get(self, sketch_id: SketchId, digest: str) -> dict[str, bytes]:
        """The files.

        Raises:
            NotFound: nothing is stored under this digest.
        """
        ...

    def forget(self, sketch_id: SketchId, digest: str) -> None:
        """Forget the files of one digest; harmless when there are none."""
        ...

    def remove(self, sketch_id: SketchId) -> None:
        """Forget all revisions of a sketch."""
        ...


class ZipSketchStore:
    """The SketchStore of a server with one disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, sketch_id: SketchId, sources: Sources) -> None:
        """Store sources by writing aside and renaming, so that a reader sees all of them or none."""
        target = self._path(sketch_id, sources.digest)
        if target.exists():
            return
        try:
            _write_whole(target, pack(sources.files))
        except OSError as error:
            raise Unavailable(
                "disk_full",
                "The server cannot write to its disk. Contact the server administrator, then try again.",
                {"errno": error.errno},
            ) from error

    def get(self, sketch_id: SketchId, digest: str) -> dict[str, bytes]:
        """The files.

        Raises:
            NotFound: nothing is stored under this digest.
            Unavailable: the disk gave back something else than was stored.
        """
        try:
            with zipfile.ZipFile(self._path(sketch_id, digest)) as archive:
                return {name: archive.read(name) for name in archive.namelist()}
        except FileNotFoundError:
            raise NotFound("no_such_revision", "This revision is no longer available.") from None
        except (OSError, zipfile.BadZipFile) as error:
            raise Unavailable(
                "sources_unreadable",
                "The server cannot read these sources. Contact the server administrator.",
            ) from error

    def forget(self, sketch_id: SketchId, digest: str) -> None:
        """Forget the files of one digest."""
        self._path(sketch_id, digest).unlink(missing_ok=True)

    def remove(self, sketch_id: SketchId) -> None:
        """Forget all revisions of a sketch."""
        shutil.rmtree(self._folder(sketch_id), ignore_errors=True)

    def _folder(self, sketch_id: SketchId) -> Path:
        if not _ID.fullmatch(sketch_id):
            raise NotFound("no_such_sketch", "There is no such sketch.")
        return self._root / sketch_id

    def _path(self, sketch_id: SketchId, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NotFound("no_such_revision", "This revision is no longer available.")
        return self._folder(sketch_id) / f"{digest}.zip"


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip archive whose bytes depend on nothing but the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path), files[path], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _write_whole(target: Path, data: bytes) -> None:
    """Write a file so that even a power cut leaves the whole of it or nothing under its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
