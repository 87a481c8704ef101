"""Artifacts and logs of builds. On the local disk: `<root>/<build_id>/{build.log, artifacts/}`."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from app.builds.rules import BuildId
from app.kernel.errors import NotFound, Unavailable

_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_ARTIFACTS = "artifacts"
_LOG = "build.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A stored file that was not opened yet.

    Attributes:
        open: gives a stream that can seek. A stream of a local file has a `fileno`, by which a web
            server can send it without copying.
    """

    size_bytes: int
    modified_at: datetime
    open: Callable[[], BinaryIO]

    def read(self) -> bytes:
        """All of its bytes."""
        with self.open() as stream:
            return stream.read()


class ArtifactStore(Protocol):
    """Artifacts and logs, by build."""

    def publish(self, build_id: BuildId, files: Iterable[tuple[str, bytes]]) -> None:
        """Make these the build's artifacts, all at once; they come as pairs of a name and its bytes.

        Raises:
            Unavailable: the disk is full or read-only.
        """
        ...

    def adopt(self, build_id: BuildId, source: BuildId) -> None:
        """Give a build the artifacts and the log of a finished duplicate, without copying bytes.

        Raises:
            NotFound: they are gone.
            Unavailable: the disk is full or read-only.
        """
        ...

    def has_artifacts(self, build_id: BuildId) -> bool:
        """Whether the artifacts are still there."""
        ...

    def artifact(self, build_id: BuildId, name: str) -> Artifact:
        """A finished artifact.

        Raises:
            NotFound: there is no such artifact.
        """
        ...

    def read_log(self, build_id: BuildId, start: int, limit: int) -> bytes:
        """Bytes of the log from offset `start`, at most `limit`; empty when there are none (yet)."""
        ...

    def append_log(self, build_id: BuildId, chunk: bytes) -> int:
        """Append to the log; the offset at which `chunk` now starts.

        Raises:
            Unavailable: the disk is full or read-only.
        """
        ...

    def remove(self, build_id: BuildId) -> None:
        """Forget everything of a build."""
        ...


class DiskArtifactStore:
    """The ArtifactStore of a server with one disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def publish(self, build_id: BuildId, files: Iterable[tuple[str, bytes]]) -> None:
        """Make these the build's artifacts by one rename."""
        try:
            with self._new_artifacts(build_id) as folder:
                for name, data in files:
                    _write(folder / name, data)
        except OSError as error:
            raise _disk_full(error) from error

    def adopt(self, build_id: BuildId, source: BuildId) -> None:
        """Give a build the artifacts and the log of a finished duplicate by hard links."""
        try:
            with self._new_artifacts(build_id) as folder:
                for file in (self._folder(source) / _ARTIFACTS).iterdir():
                    os.link(file, folder / file.name)
                shutil.copyfile(self._folder(source) / _LOG, self._folder(build_id) / _LOG)
        except FileNotFoundError as error:
            raise NotFound("no_such_artifact", "The artifacts of this build have been deleted.") from error
        except OSError as error:
            raise _disk_full(error) from error

    def has_artifacts(self, build_id: BuildId) -> bool:
        """Whether the artifacts are still there."""
        return (self._folder(build_id) / _ARTIFACTS).is_dir()

    def artifact(self, build_id: BuildId, name: str) -> Artifact:
        """A finished artifact."""
        path = self._folder(build_id) / _ARTIFACTS / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFound("no_such_artifact", f"This build has no file “{name[:64]}”.")
        facts = path.stat()
        return Artifact(
            size_bytes=facts.st_size,
            modified_at=datetime.fromtimestamp(facts.st_mtime, UTC),
            open=lambda: path.open("rb"),
        )

    def read_log(self, build_id: BuildId, start: int, limit: int) -> bytes:
        """Bytes of the log from offset `start`, at most `limit`."""
        try:
            with (self._folder(build_id) / _LOG).open("rb") as log:
                log.seek(start)
                return log.read(limit)
        except FileNotFoundError:
            return b""

    def append_log(self, build_id: BuildId, chunk: bytes) -> int:
        """Append to the log; the offset at which `chunk` now starts."""
        folder = self._folder(build_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / _LOG).open("ab") as log:
                start = log.tell()
                log.write(chunk)
        except OSError as error:
            raise _disk_full(error) from error
        return start

    def remove(self, build_id: BuildId) -> None:
        """Forget everything of a build."""
        shutil.rmtree(self._folder(build_id), ignore_errors=True)

    def _folder(self, build_id: BuildId) -> Path:
        if not _ID.fullmatch(build_id):
            raise NotFound("no_such_build", "There is no such build.")
        return self.root / build_id

    @contextmanager
    def _new_artifacts(self, build_id: BuildId) -> Iterator[Path]:
        """An empty folder to fill, which becomes the build's artifacts by one rename, or vanishes."""
        folder = self._folder(build_id)
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".output-", dir=folder))
        try:
            yield aside
            # A folder from `mkdtemp` is private; a web server in front may have to read the images.
            aside.chmod(0o755)
            aside.rename(folder / _ARTIFACTS)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        # Bots may be given images for years; the other files only help people, and can be made again.
        if path.suffix == ".bin":
            stream.flush()
            os.fsync(stream.fileno())


def _disk_full(error: OSError) -> Unavailable:
    return Unavailable(
        "disk_full",
        "The server cannot write to its disk. Contact the server administrator, then try again.",
        {"errno": error.errno},
    )
