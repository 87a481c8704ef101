"""The official release of arduino-cli: a pinned version, checked against the checksums published with it."""

import hashlib
import http.client
import platform
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

from tools.setup.commands import Progress
from tools.setup.network import is_reachable

VERSION = "1.5.1"
_HOST = "github.com"
_FOLDER = f"https://{_HOST}/arduino/arduino-cli/releases/download/v{VERSION}"
# The checksums are not written here: they come over TLS from the same release as the archive. That finds a
# damaged or cut download; it does not protect from a release replaced at its source.
_CHECKSUMS = f"{VERSION}-checksums.txt"
_ARCHIVES = {
    ("Linux", "x86_64"): f"arduino-cli_{VERSION}_Linux_64bit.tar.gz",
    ("Linux", "aarch64"): f"arduino-cli_{VERSION}_Linux_ARM64.tar.gz",
    ("Darwin", "x86_64"): f"arduino-cli_{VERSION}_macOS_64bit.tar.gz",
    ("Darwin", "arm64"): f"arduino-cli_{VERSION}_macOS_ARM64.tar.gz",
}
_TIME_LIMIT_S = 30
_CHUNK_BYTES = 1 << 16


class ReleaseUnavailable(Exception):
    """The release cannot be had here; the text says why."""


def install_release(target: Path, progress: Progress) -> None:
    """Put the released arduino-cli at `target`.

    Raises:
        ReleaseUnavailable: no archive for this machine, no internet, or a wrong checksum.
    """
    archive = archive_for(platform.system(), platform.machine())
    if not is_reachable(_HOST):
        raise ReleaseUnavailable(f"{_HOST} is unreachable")
    progress(f"fetching the official release {VERSION} (about 12 MB)")
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        packed = Path(name) / archive
        try:
            wanted = checksum_in(_text_at(f"{_FOLDER}/{_CHECKSUMS}"), archive)
            _fetch(f"{_FOLDER}/{archive}", packed)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError) as error:
            raise ReleaseUnavailable(f"the download failed ({error})") from error
        _check(packed, wanted)
        _unpack(packed, target)


def archive_for(system: str, machine: str) -> str:
    """The archive's name for an operating system and a processor."""
    try:
        return _ARCHIVES[system, machine]
    except KeyError:
        raise ReleaseUnavailable(f"there is no known release for {system} on {machine}") from None


def checksum_in(text: str, archive: str) -> str:
    """The SHA-256 of an archive in a list of `<algorithm:>digest  name` lines."""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 2 and words[1].lstrip("*") == archive:
            digest = words[0].rpartition(":")[2].lower()
            if len(digest) == hashlib.sha256().digest_size * 2:
                return digest
    raise ReleaseUnavailable(f"no checksum is published for {archive}")


def _text_at(url: str) -> str:
    with urllib.request.urlopen(url, timeout=_TIME_LIMIT_S) as answer:
        return str(answer.read().decode())


def _fetch(url: str, target: Path) -> None:
    with urllib.request.urlopen(url, timeout=_TIME_LIMIT_S) as answer, target.open("wb") as file:
        shutil.copyfileobj(answer, file, _CHUNK_BYTES)


def _check(packed: Path, wanted: str) -> None:
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    if digest != wanted:
        raise ReleaseUnavailable("the download does not have its published checksum")


def _unpack(packed: Path, target: Path) -> None:
    """Take the one program out of the archive.

    The content alone is read, because the extraction filters of `tarfile` are missing before Python 3.11.4.
    """
    partial = packed.with_name("arduino-cli")
    try:
        with tarfile.open(packed) as archive, partial.open("wb") as file:
            shutil.copyfileobj(_program_in(archive), file, _CHUNK_BYTES)
    except (KeyError, tarfile.TarError) as error:
        raise ReleaseUnavailable(f"the archive cannot be read ({error})") from error
    partial.chmod(0o755)
    partial.replace(target)


def _program_in(archive: tarfile.TarFile) -> IO[bytes]:
    """The program's content.

    Raises:
        KeyError: nothing has its name.
        ReleaseUnavailable: a link or a folder has its name.
    """
    member = archive.getmember("arduino-cli")
    content = archive.extractfile(member) if member.isreg() else None
    if content is None:
        raise ReleaseUnavailable("the archive's “arduino-cli” is not a regular file")
    return content
