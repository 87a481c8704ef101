"""Reading and comparing version numbers that programs print."""

import re

Version = tuple[int, int, int]


def version_in(text: str) -> Version | None:
    """The first `1.2.3` or `1.2` in a text."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def as_text(version: Version) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))
