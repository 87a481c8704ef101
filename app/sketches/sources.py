"""The sources of a sketch at one moment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Self

from app.sketches.rules import NEW_SKETCH, check_files, main_file, parse_sketch_name, renamed


# Without slots, because a cached property needs a dictionary.
@dataclass(frozen=True, kw_only=True)
class Sources:
    """Files that make a sketch, checked against the rules.

    Attributes:
        sketch_name: belongs to them: the main file is named after the sketch.
        files: contents by path.
    Raises:
        Invalid: a name is not allowed, or a file is not UTF-8 text, or the main file is missing.
        LimitExceeded: too many files, or a file or all of them are too large.
    """

    sketch_name: str
    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        parse_sketch_name(self.sketch_name)
        check_files(self.sketch_name, self.files)
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    @classmethod
    def empty(cls, sketch_name: str) -> Self:
        """An empty `setup` and `loop`."""
        return cls(sketch_name=sketch_name, files={main_file(sketch_name): NEW_SKETCH.encode()})

    @cached_property
    def digest(self) -> str:
        """See `digest_of`."""
        return digest_of(self.sketch_name, self.files)

    @property
    def size_bytes(self) -> int:
        """The bytes of all files together."""
        return sum(map(len, self.files.values()))

    def renamed(self, name: str) -> "Sources":
        """The same sketch under another name.

        Raises:
            Invalid: the name is not allowed, or another file has the main file's new name.
        """
        return Sources(sketch_name=name, files=renamed(self.files, self.sketch_name, name))


def digest_of(sketch_name: str, files: Mapping[str, bytes]) -> str:
    """The digest of exactly these files under this name, as lower-case hex SHA-256.

    Lengths stand before names and contents, so that no two different sketches give the same input.
    """
    digest = hashlib.sha256()
    for part in (b"sketch-v1", sketch_name.encode()):
        _add(digest, part)
    for path in sorted(files):
        _add(digest, path.encode())
        _add(digest, files[path])
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)
