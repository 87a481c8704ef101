"""Stamp files: what a finished step was made from, so that it runs again only when that changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_of(files: Iterable[Path], *words: str) -> str:
    """A digest of the files' contents and of some words; a missing file counts as empty."""
    digest = hashlib.sha256()
    for part in words:
        digest.update(part.encode() + b"\0")
    for path in files:
        digest.update(path.name.encode() + b"\0")
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def is_stamped(stamp: Path, digest: str) -> bool:
    """Whether the stamp carries this digest."""
    try:
        return stamp.read_text(encoding="utf-8") == digest
    except (OSError, UnicodeDecodeError):
        return False


def write_stamp(stamp: Path, digest: str) -> None:
    """Note that the step is finished."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")
