"""Artifacts on the local disk: `<root>/<build_id>/{snapshot/, build.log, artifacts/}`."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from app.builds.rules import BuildId
from app.kernel.errors import NotFound, Unavailable

_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_ARTIFACTS = "artifacts"
_LOG = "build.log"


class ArtifactStore(Protocol):
    """One folder a build: snapshot, log, artifacts."""

    def folder(self, build_id: BuildId) -> Path:
        """The build's folder; it may not exist yet."""
        ...

    def put_snapshot(self, build_id: BuildId, files: Mapping[str, bytes]) -> Path:
        """Write the exact files to build; the folder they lie in.

        Raises:
            Unavailable: the disk is full or read-only.
        """
        ...

    def adopt(self, build_id: BuildId, source: BuildId) -> None:
        """Give a build the artifacts and the log of its finished twin, without copying bytes."""
        ...

    def new_output(self, build_id: BuildId) -> Path:
        """A fresh empty folder for artifacts in the making; readers do not see it."""
        ...

    def publish(self, build_id: BuildId, output: Path) -> None:
        """Make the files of `output` the build's artifacts, all at once."""
        ...

    def has_artifacts(self, build_id: BuildId) -> bool:
        """Whether the artifacts are still there."""
        ...

    def artifact(self, build_id: BuildId, name: str) -> Path:
        """The path of a finished artifact.

        Raises:
            NotFound: there is no such artifact.
        """
        ...

    def read_log(self, build_id: BuildId, start: int, limit: int) -> bytes:
        """Bytes of the log from offset `start`, at most `limit`; empty when there are none (yet)."""
        ...

    def append_log(self, build_id: BuildId, chunk: bytes) -> int:
        """Append to the log; the offset at which `chunk` now starts."""
        ...

    def remove(self, build_id: BuildId) -> None:
        """Forget everything of a build."""
        ...


class DiskArtifactStore:
    """The ArtifactStore of a server with one disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, build_id: BuildId) -> Path:
        """The build's folder; it may not exist yet."""
        if not _ID.fullmatch(build_id):
            raise NotFound("no_such_build", "There is no such build.")
        return self._root / build_id

    def put_snapshot(self, build_id: BuildId, files: Mapping[str, bytes]) -> Path:
        """Write the exact files to build; the folder they lie in."""
        target = self.folder(build_id) / "snapshot"
        try:
            for path, content in files.items():
                file = target / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        except OSError as error:
            shutil.rmtree(self.folder(build_id), ignore_errors=True)
            raise _no_room(error) from error
        return target

    def adopt(self, build_id: BuildId, source: BuildId) -> None:
        """Give a build the artifacts and the log of its finished twin by hard links."""
        try:
            output = self.new_output(build_id)
            for file in (self.folder(source) / _ARTIFACTS).iterdir():
                os.link(file, output / file.name)
            shutil.copyfile(self.folder(source) / _LOG, self.folder(build_id) / _LOG)
            self.publish(build_id, output)
        except FileNotFoundError as error:
            raise NotFound("no_such_artifact", "The artifacts of that build are gone.") from error
        except OSError as error:
            raise _no_room(error) from error

    def new_output(self, build_id: BuildId) -> Path:
        """A fresh empty folder for artifacts in the making, on the same disk as the final one."""
        folder = self.folder(build_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix=".output-", dir=folder))
        except OSError as error:
            raise _no_room(error) from error

    def publish(self, build_id: BuildId, output: Path) -> None:
        """Make the files of `output` the build's artifacts by one rename."""
        # Bots may be given these for years; the other files only help people, and can be made again.
        for image in output.glob("*.bin"):
            with image.open("rb") as stream:
                os.fsync(stream.fileno())
        # A folder from `mkdtemp` is private; a web server in front may have to read the images.
        output.chmod(0o755)
        output.rename(self.folder(build_id) / _ARTIFACTS)

    def has_artifacts(self, build_id: BuildId) -> bool:
        """Whether the artifacts are still there."""
        return (self.folder(build_id) / _ARTIFACTS).is_dir()

    def artifact(self, build_id: BuildId, name: str) -> Path:
        """The path of a finished artifact."""
        path = self.folder(build_id) / _ARTIFACTS / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFound("no_such_artifact", f"This build has no file “{name[:64]}”.")
        return path

    def read_log(self, build_id: BuildId, start: int, limit: int) -> bytes:
        """Bytes of the log from offset `start`, at most `limit`."""
        try:
            with (self.folder(build_id) / _LOG).open("rb") as log:
                log.seek(start)
                return log.read(limit)
        except FileNotFoundError:
            return b""

    def append_log(self, build_id: BuildId, chunk: bytes) -> int:
        """Append to the log; the offset at which `chunk` now starts."""
        folder = self.folder(build_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / _LOG).open("ab") as log:
                start = log.tell()
                log.write(chunk)
        except OSError as error:
            raise _no_room(error) from error
        return start

    def remove(self, build_id: BuildId) -> None:
        """Forget everything of a build."""
        shutil.rmtree(self.folder(build_id), ignore_errors=True)


def _no_room(error: OSError) -> Unavailable:
    return Unavailable(
        "no_room",
        "The server cannot write to its disk. Tell whoever runs it, then try again.",
        {"errno": error.errno},
    )
