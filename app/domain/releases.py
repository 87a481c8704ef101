"""Releases: a build with a version, offered to devices; immutable."""

from typing import NewType

ReleaseId = NewType("ReleaseId", str)


def link_name(product_id: str) -> str:
    """The file name of a bot's static link."""
    return f"{product_id}.ino.bin"
